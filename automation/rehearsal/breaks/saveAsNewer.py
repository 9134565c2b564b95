"""Rewrites a model as XGBoost 3.2 saves it: standard input is the model of 3.0, standard output the same trees as JSON.

Compared with files that 3.0.5 and 3.2.0 wrote for one model, two fields differ: the version, and base_score, which became a list.
"""
import json
import sys

import xgboost

booster = xgboost.Booster()
booster.load_model(bytearray(sys.stdin.buffer.read()))
model = json.loads(booster.save_raw("json"))
parameters = model["learner"]["learner_model_param"]
if not parameters["base_score"].startswith("["):
    parameters["base_score"] = f"[{parameters['base_score']}]"
model["version"] = [3, 2, 0]
sys.stdout.write(json.dumps(model))
