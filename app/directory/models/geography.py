"""Postcodes and place names, with their points."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.directory.codes import Precision


class PostcodeUnit(Base):
    """A whole postcode, such as "M33 2AB", from ONSPD, Code-Point Open or the demo town."""

    __tablename__ = "postcode_unit"

    code: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    lad_code: Mapped[str] = mapped_column(default="")


class PostcodeSector(Base):
    """A sector such as "M33 2": median point of its postcodes and the authority most of them lie in."""

    __tablename__ = "postcode_sector"

    code: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    postcodes: Mapped[int]
    lad_code: Mapped[str] = mapped_column(default="")


class PostcodeDistrict(Base):
    """A district such as "M33": centre of its sectors, weighted by their postcodes."""

    __tablename__ = "postcode_district"

    code: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    postcodes: Mapped[int]
    lad_code: Mapped[str] = mapped_column(default="")


class Place(Base):
    """A name that people use for somewhere in the directory's area; learnt from its addresses or loaded."""

    __tablename__ = "place"
    __table_args__ = (Index("ix_place_key", "key"),)

    key: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="place")
    latitude: Mapped[float]
    longitude: Mapped[float]
    addresses: Mapped[int] = mapped_column(default=0)
    precision: Mapped[Precision] = mapped_column(Code(Precision), default=Precision.PLACE)
