"""What Resplice is made of on AWS, one construct per concern. Declares; never calls AWS."""
