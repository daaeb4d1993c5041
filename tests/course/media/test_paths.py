"""From what an author writes to the file that is meant."""

from unicodedata import normalize

import pytest

from course.media.paths import find, path_meant, place_in

FILES = ("media/P.PNG", "media/my file.png", normalize("NFD", "media/größe.png"), "media/a.png", "media/A.png")


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("media/P.PNG", "media/P.PNG"),
        ("./media/P.PNG", "media/P.PNG"),
        ("../media/P.PNG", "media/P.PNG"),
        ("Media/P.PNG", "media/P.PNG"),
        ("media/p.png", "media/P.PNG"),
        ("media/P.PNG?raw=true", "media/P.PNG"),
        ("media/P.PNG#left", "media/P.PNG"),
        ("media/my file.png", "media/my file.png"),
        ("media/my%20file.png", "media/my file.png"),
        ("media/größe.png", FILES[2]),
        (normalize("NFD", "media/größe.png"), FILES[2]),
        ("media/gr%C3%B6%C3%9Fe.png", FILES[2]),
        ("media/GRO%CC%88SSE.png", FILES[2]),
        ("media/a.png", "media/a.png"),
        ("media/A.png", "media/A.png"),
        ("media/A.PNG", None),
        ("media/b.png", None),
        ("media/../P.PNG", None),
        ("media/%2e%2e/course.md", None),
    ],
)
def test_an_address_leads_to_its_file(written: str, file: str | None) -> None:
    path = path_meant(written)
    assert path is not None
    assert find(path, FILES) == file


@pytest.mark.parametrize(
    "written", ["https://e.org/media/a.png", "articles/media/a.md", "mediation.png", "media/"]
)
def test_other_addresses_mean_no_medium(written: str) -> None:
    assert path_meant(written) is None


def test_the_place_in_a_file_is_kept() -> None:
    assert place_in("../media/a.pdf#page=3") == "#page=3"
    assert place_in("media/a.pdf") == place_in("https://e.org/#x") == ""
