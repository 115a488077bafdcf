"""The layout engine, loaded in half the time: what it works out at each start, though it never changes, is at hand.

While WeasyPrint is imported, two names of other libraries lead here, and never afterwards:

- `cffi.FFI`: WeasyPrint hands it its C declarations as text, which takes cffi 0.2 s to parse. `declarations.py` beside
  this file holds them as cffi compiles them ("out of line, ABI mode" in its documentation), for the text of the pinned
  version; `python -m builder.pages.engine` writes it anew. Any other text is parsed by cffi, as ever.
- `fontTools.varLib.instancer.instantiateVariableFont`, and the module `fontTools.subset`: they take 0.1 s to load, and
  WeasyPrint wants them only where HarfBuzz cannot make a subset; here `bind` makes them. Whoever calls them all the
  same gets them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

# What a compiled FFI object offers (cffi, "FFI Interface").
_OFFERED = ("NULL", "RTLD_NOW", "buffer", "cast", "from_handle", "gc", "new", "release", "string", "unpack")
# A library stays when Python ends: what it made is only then given back to it (dlopen(3)).
_STAYS = getattr(os, "RTLD_NODELETE", 0)
_INSTANCER, _INSTANTIATE = "fontTools.varLib.instancer", "instantiateVariableFont"
_FILE = Path(__file__).with_name("declarations.py")


class Declared:
    """What WeasyPrint takes for a `cffi.FFI`."""

    def cdef(self, text: str) -> None:
        """Declare what is in `text`: compiled already, unless it is not the text that is known."""
        from builder.pages import declarations

        ffi: Any = declarations.ffi
        if sha256(text.encode()).hexdigest() != declarations.DIGEST:
            sys.modules.pop("cffi", None)
            ffi = import_module("cffi").FFI()
            ffi.cdef(text)
        for name in _OFFERED:
            setattr(self, name, getattr(ffi, name))
        self.dlopen = lambda name, flags=0: ffi.dlopen(name, flags | _STAYS)


@contextmanager
def prepared() -> Iterator[None]:
    """While WeasyPrint is imported: declarations from the file, and what of fontTools it may want only when it does.

    It subsets and instantiates fonts itself where HarfBuzz cannot; here `bind` does both.
    """
    loaded = {name: sys.modules[name] for name in ("cffi", _INSTANCER) if name in sys.modules}
    try:
        sys.modules["cffi"] = _module("cffi", FFI=Declared)
        sys.modules[_INSTANCER] = _module(_INSTANCER, **{_INSTANTIATE: _instance})
        _put_off("fontTools.subset")
        yield
    finally:
        for name in ("cffi", _INSTANCER):
            sys.modules.pop(name, None)
        sys.modules |= loaded


def _module(name: str, **holds: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(holds)
    return made


def _instance(*given: Any, **named: Any) -> Any:
    return getattr(import_module(_INSTANCER), _INSTANTIATE)(*given, **named)


def _put_off(name: str) -> None:
    """Load a module when something of it is first asked for (importlib.util.LazyLoader)."""
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    loader = LazyLoader(spec.loader)
    spec.loader = loader
    module = module_from_spec(spec)
    sys.modules[name] = module
    parent, _, own = name.rpartition(".")
    setattr(sys.modules[parent], own, module)
    loader.exec_module(module)


def declare(file: Path = _FILE) -> None:
    """Write the declarations of the installed WeasyPrint, compiled by the installed cffi."""
    import ast

    import cffi

    found = find_spec("weasyprint")
    assert found is not None
    assert found.origin is not None
    source = ast.parse((Path(found.origin).parent / "text" / "ffi.py").read_text(encoding="utf-8"))
    calls = [one for one in ast.walk(source) if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "cdef"]
    text = ast.literal_eval(calls[0].args[0])
    ffi = cffi.FFI()
    ffi.cdef(text)
    ffi.set_source("declarations", None)
    ffi.emit_python_code(str(file))
    with file.open("a", encoding="ascii") as more:
        more.write(f'DIGEST = "{sha256(text.encode()).hexdigest()}"\n')


if __name__ == "__main__":
    declare()
