"""Material that lies beside the repository on some machines; tests that need it skip where it is absent."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
FACTS = ROOT.parent / "shared" / "facts"

needs_corpus = pytest.mark.skipif(
    not (CORPUS / "MANIFEST.json").exists(), reason="../shared/corpus is not on this machine"
)
needs_facts = pytest.mark.skipif(
    not (FACTS / "exact-metadata.json").exists(), reason="../shared/facts is not on this machine"
)
