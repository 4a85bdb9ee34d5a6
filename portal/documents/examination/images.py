"""Photographs and scans: decoded whole and written anew, so that only the picture remains."""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from portal.documents.examination.verdict import Accepted, Limits, Refused

QUALITY = 92
FORMATS = {"jpeg": "JPEG", "png": "PNG"}


def examine(path: Path, target: Path, kind: str, limits: Limits) -> Accepted:
    """Write the bare picture to ``target``: turned upright, in sRGB, without EXIF, position, thumbnails or appendages."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=[FORMATS[kind]]) as image:
            _refuse_animation(image)
            image.load()
            picture = _plain(ImageOps.exif_transpose(image), image.info.get("icc_profile"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused("too_many_pixels", limit=limits.pixels // 10_000) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as fault:
        raise Refused("image_broken") from fault
    if kind == "jpeg":
        picture.convert("L" if picture.mode == "L" else "RGB").save(target, "JPEG", quality=QUALITY, optimize=True)
    else:
        picture.save(target, "PNG", optimize=False)
    return Accepted(kind=kind, changed=True)


def _refuse_animation(image: Image.Image) -> None:
    if getattr(image, "n_frames", 1) > 1 and image.format == "PNG":
        raise Refused("image_animated")


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the pixels in sRGB without anything else that travelled with them."""
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
        except ImageCms.PyCMSError:  # a broken profile changes a tint, it does not make a photograph unusable
            pass
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    if image.mode == "P":
        bare = image.convert("RGBA" if "transparency" in image.info else "RGB")
        bare.info.clear()
    return bare
