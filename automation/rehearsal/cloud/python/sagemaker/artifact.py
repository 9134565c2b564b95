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
            # Python before 3.10.12 and 3.11.4 has no filters; there, only members that are files or folders are taken.
            if hasattr(tarfile, "data_filter"):
                archive.extractall(model_folder, filter="data")
            else:
                archive.extractall(model_folder, [each for each in archive if each.isfile() or each.isdir()])
    except (tarfile.TarError, EOFError, OSError) as error:
        raise JobFailure(
            f'Failed to extract model data archive from URL "{url}". Please ensure that the object located at the URL '
            f"is a valid tar.gz archive. ({error})"
        ) from error
