"""Files that came back honestly: by keys of every kind, tools of several makers, updates that signatures allow.

Each tells its origin. Files of other programs are made by that program where it is here (pyHanko, qpdf by pikepdf),
and imitated from public descriptions where it is not (signing services, PDFBox's encoding).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, String
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from clausebook.signing.sign import sign
from tests.support import returns, signing_keys
from tests.support.returned_files import FIELDS, NAMES, WISHES, sealed, signed, signer
from tests.support.signing_keys import Pair, issue
from tests.support.signing_pdfs import in_ber


@dataclass(frozen=True)
class Honest:
    """Files that came back together, made from the PDF that was built; their origin, and the verdict they deserve."""

    make: Callable[[bytes], tuple[bytes, ...]]
    origin: str
    verdict: str = "verified"


def pair_of(name: str, kind: str) -> Pair:
    return issue(name, signing_keys.intermediate(), kind=kind, organisation="Example")


def by_us(kind: str) -> Callable[[bytes], tuple[bytes, ...]]:
    def make(pdf: bytes) -> tuple[bytes, ...]:
        for field, name in zip(FIELDS, NAMES, strict=True):
            pdf = sign(pdf, field, pair_of(name, kind).credentials(), WISHES)
        return (pdf,)

    return make


def pyhanko(pdf: bytes, number: int, pair: Pair | None = None, *, pss: bool = False, **metadata: object) -> bytes:
    """Sign in the field of a signatory with pyHanko and its default stamp."""
    pair = pair or signer(NAMES[number])
    maker = pair.credentials().signer
    if pss:
        maker = SimpleSigner(
            pair.asn1, translate_pyca_cryptography_key_to_asn1(pair.key), maker.cert_registry, prefer_pss=True
        )
    timestamper = metadata.pop("timestamper", None)
    metadata = {"md_algorithm": "sha256", **metadata}
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    described = PdfSignatureMetadata(field_name=FIELDS[number], **metadata)  # type: ignore[arg-type]
    done = PdfSigner(described, signer=maker, timestamper=timestamper)  # type: ignore[arg-type]
    return bytes(done.sign_pdf(writer).getvalue())


def by_pyhanko(**metadata: object) -> Callable[[bytes], tuple[bytes, ...]]:
    return lambda pdf: (pyhanko(pyhanko(pdf, 0, **metadata), 1, **metadata),)  # type: ignore[arg-type]


def by_pyhanko_with(kind: str, **metadata: object) -> Callable[[bytes], tuple[bytes, ...]]:
    def make(pdf: bytes) -> tuple[bytes, ...]:
        for number, name in enumerate(NAMES):
            pdf = pyhanko(pdf, number, pair_of(name, kind), **metadata)  # type: ignore[arg-type]
        return (pdf,)

    return make


def certified(pdf: bytes) -> tuple[bytes, ...]:
    first = pyhanko(pdf, 0, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    return (pyhanko(first, 1),)


def clock() -> DummyTimeStamper:
    pair = signing_keys.authority()
    store = SimpleCertificateStore()
    store.register(signing_keys.root().asn1)
    return DummyTimeStamper(pair.asn1, translate_pyca_cryptography_key_to_asn1(pair.key), store)


def time_stamped(pdf: bytes) -> tuple[bytes, ...]:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(pdf)), strict=False)
    return (bytes(PdfTimeStamper(clock()).timestamp_pdf(writer, "sha256", None).getvalue()),)


def with_validation_data(pdf: bytes) -> tuple[bytes, ...]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    context = ValidationContext(
        trust_roots=[signing_keys.root().asn1], crls=[signing_keys.crl_of(signing_keys.root())], allow_fetching=False
    )
    pdf = signed(pdf)
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    out = io.BytesIO(pdf)
    asyncio.run(async_add_validation_info(reader.embedded_signatures[-1], context, output=out))
    return (out.getvalue(),)


def rewritten(**options: object) -> Callable[[bytes], tuple[bytes, ...]]:
    def make(pdf: bytes) -> tuple[bytes, ...]:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            opened.save(out, **options)  # type: ignore[arg-type]
        return (signed(out.getvalue()),)

    return make


def filled(pdf: bytes) -> tuple[bytes, ...]:
    """Return a file whose signatory typed a title into the form before signing it."""

    def fill(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            for each in page.obj.get("/Annots", ()):
                if str(each.get("/T", "")) == "finch-1-title":
                    each.V = String("Chief Executive Officer")
                    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
                    width, height = float(each.Rect[2] - each.Rect[0]), float(each.Rect[3] - each.Rect[1])
                    content = b"/Tx BMC q BT 0 g /F 9 Tf 2 4 Td (Chief Executive Officer) Tj ET Q EMC"
                    each.AP = Dictionary(
                        N=opened.make_stream(
                            content,
                            Type=Name.XObject,
                            Subtype=Name.Form,
                            BBox=[0, 0, width, height],
                            Resources=Dictionary(Font=Dictionary(F=opened.make_indirect(font))),
                        )
                    )

    return (signed(returns.changed(pdf, fill)),)


def of_service(name: str, *, stamps: bool = True) -> Callable[[bytes], tuple[bytes, ...]]:
    def make(pdf: bytes) -> tuple[bytes, ...]:
        return (sealed(returns.SERVICES[name](pdf, returns.stamps(pdf, NAMES) if stamps else [], NAMES)),)

    return make


def with_disclosure(pdf: bytes) -> tuple[bytes, ...]:
    pages = (*returns.certificate(NAMES), returns.DISCLOSURE)
    return (sealed(returns.with_pages(returns.flattened(pdf), *pages)),)


def certificate_first(pdf: bytes) -> tuple[bytes, ...]:
    return (sealed(returns.with_pages(returns.flattened(pdf), *returns.certificate(NAMES), before=True)),)


def with_name(name: str) -> Callable[[bytes], tuple[bytes, ...]]:
    def make(pdf: bytes) -> tuple[bytes, ...]:
        first = sign(pdf, FIELDS[0], issue(name, signing_keys.root()).credentials(), WISHES)
        return (sign(first, FIELDS[1], signer(NAMES[1]).credentials(), WISHES),)

    return make


def stamped_elsewhere(pdf: bytes) -> tuple[bytes, ...]:
    """Return a file that pyHanko signed for somebody whose name its font shows and no reader can read back."""
    return (pyhanko(pyhanko(pdf, 0, issue("Nguyen Thi Anh", signing_keys.root())), 1),)


def of_unknown_kind(pdf: bytes) -> tuple[bytes, ...]:
    return (signed(pdf).replace(b"/ETSI.CAdES.detached", b"/ETSI.Dilithium.dtchd"),)


def locked_by_password(pdf: bytes) -> tuple[bytes, ...]:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
    return (out.getvalue(),)


def _honest() -> Iterator[tuple[str, Honest]]:
    for kind in ("rsa", "ec", "P-384", "P-521", "ed25519"):
        yield f"clausebook sign, {kind} keys", Honest(by_us(kind), "Clausebook")
    for kind, algorithm in (("rsa", "sha256"), ("rsa", "sha512"), ("ec", "sha256"), ("P-384", "sha384")):
        made = by_pyhanko_with(kind, md_algorithm=algorithm)
        yield f"default stamp, {kind} keys, {algorithm}", Honest(made, "pyHanko")
    yield "RSA-PSS", Honest(by_pyhanko_with("rsa", pss=True), "pyHanko")
    yield (
        "SubFilter adbe.pkcs7.detached",
        Honest(by_pyhanko(subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED), "pyHanko"),
    )
    yield "SubFilter ETSI.CAdES.detached", Honest(by_pyhanko(subfilter=SigSeedSubFilter.PADES), "pyHanko")
    yield (
        "a time stamp in each signature",
        Honest(lambda pdf: (pyhanko(pyhanko(pdf, 0, timestamper=clock()), 1),), "pyHanko"),
    )
    yield "certified by the first, approved by the second", Honest(certified, "pyHanko")
    yield "a document time stamp after the signatures", Honest(time_stamped, "Clausebook, then pyHanko")
    yield "data for long-term validation after the signatures", Honest(with_validation_data, "Clausebook, then pyHanko")
    yield (
        "first by Clausebook, then by another tool",
        Honest(lambda pdf: (pyhanko(signed(pdf, NAMES[:1]), 1),), "Clausebook, then pyHanko"),
    )
    yield (
        "first by another tool, then by Clausebook",
        Honest(lambda pdf: (signed(pyhanko(pdf, 0), NAMES[1:], FIELDS[1:]),), "pyHanko, then Clausebook"),
    )
    yield "a title typed into the form before signing", Honest(filled, "pikepdf, then Clausebook")
    for name, options in {
        "linearised": {"linearize": True},
        "object streams": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        "uncompressed": {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized},
        "content normalised": {"normalize_content": True},
    }.items():
        yield f"rewritten ({name}), then signed", Honest(rewritten(**options), "qpdf, then Clausebook")
    yield "BER of indefinite length", Honest(lambda pdf: (in_ber(signed(pdf)),), "imitates PDFBox")
    yield (
        "two counterparts",
        Honest(lambda pdf: (signed(pdf, NAMES[:1]), signed(pdf, NAMES[1:], FIELDS[1:])), "Clausebook"),
    )
    for name in returns.SERVICES:
        yield f"a service's file: {name}", Honest(of_service(name), "imitates a signing service")
        yield (
            f"a service's file without stamps: {name}",
            Honest(of_service(name, stamps=False), "imitates a signing service"),
        )
    yield "a service's certificate before the agreement", Honest(certificate_first, "imitates a signing service")
    yield "a disclosure that the sender worded", Honest(with_disclosure, "imitates a signing service", "incomplete")
    for name in ("Nguyễn Thị Ánh", "Владимир Пример"):
        yield f"a certificate of {name}", Honest(with_name(name), "Clausebook", "incomplete")
    yield "another tool's stamp of somebody else", Honest(stamped_elsewhere, "pyHanko", "incomplete")
    yield "unsigned", Honest(lambda pdf: (pdf,), "Clausebook", "incomplete")
    yield "an owner's password alone", Honest(locked_by_password, "qpdf", "incomplete")
    yield "a password that is needed", Honest(lambda pdf: (returns.encrypted(pdf),), "qpdf", "unknown")
    yield "a signature of a kind that nobody knows yet", Honest(of_unknown_kind, "made by hand", "unknown")
    yield "a scan", Honest(lambda pdf: (returns.scan(pdf),), "pdfium's picture of each page", "unknown")


HONEST: Mapping[str, Honest] = dict(_honest())
