"""What a convention makes due: its rules, its dates, and the files that tell them."""
