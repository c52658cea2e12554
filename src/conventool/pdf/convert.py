"""Many documents to PDF, by one LibreOffice for each worker, whatever LibreOffice does.

The caller's thread prepares the print copies and hands out the results. Each worker thread starts LibreOffice on a
batch, checks each PDF as it appears and puts it in place. Where documents differ only in the mark that says whose copy
each is, one of them is converted and the others are made of its PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conventool.files.scratch import fast_folder, scratch_folder
from conventool.pdf.jobs import Job, Result
from conventool.pdf.office import Office, find_office
from conventool.pdf.pool import Pool
from conventool.pdf.profiles import Profile
from conventool.pdf.tasks import Preparation

__all__ = ["convert"]


def convert(
    documents: Iterable[Job],
    *,
    profile: Profile = Profile.PDFA_2B,
    jobs: int = 1,
    office: Office | None = None,
    rewriting: bool = True,
) -> Iterator[Result]:
    """Convert Word documents to PDF; each is checked, then put in place in one step.

    Args:
        documents: what to convert; taken as the work goes on, so they may be made meanwhile.
        profile: the kind of PDF.
        jobs: how many LibreOffices work at once; one for each core is best.
        office: the LibreOffice to use, else the one that is found.
        rewriting: whether the PDF of a document's other copies may be made of that of its first.

    Yields:
        The result of each job, as they finish. A job may be told of again, with ``Result.again``.

    Raises:
        ProgramError: LibreOffice is missing, or fails whatever it is given.
        OutputError: a PDF cannot be put in place.
    """
    with scratch_folder() as copies, scratch_folder(fast_folder()) as workers:
        pool = Pool(Preparation(copies), workers, office or find_office(), profile, max(1, jobs), rewriting=rewriting)
        try:
            yield from _results(pool, documents)
        finally:  # done, interrupted or given up: no process and no file stays behind
            pool.stop()


def _results(pool: Pool, documents: Iterable[Job]) -> Iterator[Result]:
    for job in documents:
        pool.add(job)
        while pool.results_ready or pool.far_ahead:
            yield pool.next_result()
    pool.close()
    while pool.unfinished:
        yield pool.next_result()
