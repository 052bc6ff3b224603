"""Pure decisions about outcomes: values in, verdict out."""
