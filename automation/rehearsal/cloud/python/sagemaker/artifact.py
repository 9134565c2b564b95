"""The model archive: written after training, unpacked before serving."""

import os
import tarfile

from sagemaker.errors import JobFailure


def pack(model_folder: str, path: str) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in sorted(os.listdir(model_folder)):
            archive.add(os.path.join(model_folder, name), arcname=name)


def unpack(path: str, model_folder: str, url: str) -> None:
    """Raises JobFailure for anything but one gzip-compressed tar, a zip under that name included."""
    os.makedirs(model_folder, exist_ok=True)
    try:
        with tarfile.open(path, "r:gz") as archive:
            archive.extractall(model_folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise JobFailure(
            f'Failed to extract model data archive from URL "{url}". Please ensure that the object located at the URL '
            f"is a valid tar.gz archive. ({error})"
        ) from error
