"""Amazon SageMaker as far as Firstlight uses it: real XGBoost in training, serving and transform, strict as AWS."""
