"""What in a deal needs whose approval, and whether it is given and proven."""
