"""What runs inside the XGBoost 3.0-5 image: one program that trains, one that serves."""
