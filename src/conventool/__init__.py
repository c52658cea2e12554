"""Fill the content controls of Word conventions, in correct French."""

__version__ = "0.1.0"
