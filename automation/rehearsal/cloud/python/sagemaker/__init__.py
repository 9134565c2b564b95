"""Amazon SageMaker as far as Firstlight uses it: real XGBoost training, serving and transform jobs, as strict as AWS."""
