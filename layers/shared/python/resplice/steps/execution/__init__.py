"""How a movie is taken through its stages to its end, here or elsewhere."""
