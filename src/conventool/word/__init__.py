"""The only room that knows OOXML; it knows no adherent."""
