"""The decisions of booking: values in, verdict out."""
