"""Predicts rows with the artifact alone, in a process that knows nothing of the platform.

Standard input: JSON {"artifact": path of model.tar.gz, "rows": [[number, ...], ...]}.
Standard output: JSON [[score, ...], ...].
"""
import json
import sys
import tarfile
import tempfile

import numpy
import xgboost


def predict(artifact, rows):
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(artifact, "r:gz") as archive:
            member = archive.extractfile("xgboost-model")
            path = folder + "/model.ubj"
            with open(path, "wb") as file:
                file.write(member.read())
        booster = xgboost.Booster(model_file=path)
    # All trees, also those behind the best one: so does the container with XGBoost 2 and later.
    scores = booster.predict(xgboost.DMatrix(numpy.array(rows, dtype=numpy.float32)), validate_features=False)
    return scores.reshape(len(rows), -1).astype(float).tolist()


if __name__ == "__main__":
    request = json.load(sys.stdin)
    json.dump(predict(request["artifact"], request["rows"]), sys.stdout)
