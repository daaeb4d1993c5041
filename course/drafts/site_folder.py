"""The site's own files on disk: drafts, until they are published with a course."""

from dataclasses import dataclass
from pathlib import Path

from course.content.problems import Problem
from course.content.site_file import SITE_FILES, SiteFile, read_site_files
from course.drafts.folder import read_text
from course.language.words import Phrase


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """What lies beside the folders of courses: texts by the names of `SITE_FILES`, and what they say."""

    texts: dict[str, str]
    site: SiteFile
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")


def read_site_folder(lessons_dir: Path) -> SiteFolder:
    """Read the site's files. What cannot be read is a problem; none of them need be there."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name, file in SITE_FILES.items():
        path = lessons_dir / file
        if path.is_symlink() and not path.resolve().is_relative_to(lessons_dir.resolve()):
            why = Phrase("This link leads out of the course folder; put a file in its place.")
            problems.append(Problem(file, 1, "DL005", why))
        elif path.is_file() and (text := read_text(path, file, problems)) is not None:
            texts[name] = text
    site, found = read_site_files(texts)
    return SiteFolder(texts, site, tuple(sorted({*problems, *found})))
