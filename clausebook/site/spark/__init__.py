"""The pages of partnerships by the steps of the method: what is known of each, what it lacks, and how they rank."""
