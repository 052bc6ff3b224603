"""Keeping listings true: who may propose, who decides, when somebody must look again."""
