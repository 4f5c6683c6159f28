"""Reads an uploaded file, as the body or as a form's file, and no more of it than is taken."""

from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile

from services.chassis.http import Problem

FIELD: Final = "file"


async def uploaded(request: Request, most: int) -> bytes:
    """Return the bytes of the file.

    Raises:
        Problem: 413, it is larger than `most` bytes; 422, the form has no file.
    """
    declared = request.headers.get("Content-Length", "0")
    if declared.isdigit() and int(declared) > most + _FORM_AROUND_A_FILE:
        raise _too_large()
    if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        return await _of_form(request, most)
    return await _of_body(request, most)


_FORM_AROUND_A_FILE: Final = 64 * 1024


async def _of_body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise _too_large()
    return bytes(data)


async def _of_form(request: Request, most: int) -> bytes:
    async with request.form(max_files=1) as form:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile):
            errors = [{"pointer": f"/{FIELD}", "detail": "is required"}]
            raise Problem(422, "invalid", "The form has no file", errors)
        data = await file.read(most + 1)
    if len(data) > most:
        raise _too_large()
    return data


def _too_large() -> Problem:
    return Problem(413, "file-too-large", "A file has at most 10 MB: send it in parts")
