"""What the program's learned weights are made from, and the commands that make them."""
