"""Claims keep the limit, the order, and away from what is paused or held."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import claim, look, pools, queue
from jobs.models import Job, Priority

pytestmark = pytest.mark.django_db
W = queue.Work


@pytest.fixture(autouse=True)
def _pools(db):
    pools.ensure()


def keys(claims):
    return [found.key for found in claims]


def test_the_best_rank_goes_first():
    queue.enqueue(
        W("test.plain", "low", Priority.LOW), W("test.plain", "high", Priority.HIGH), W("test.plain", "medium")
    )

    assert keys(claim.claim("metadata", 2, token="d/1")) == ["high", "medium"]


def test_waiting_ages_a_job_past_newer_ones_of_better_priority():
    long_ago = timezone.now() - timedelta(hours=7)
    queue.enqueue(W("test.plain", "old", Priority.VERY_LOW, due_at=long_ago), W("test.plain", "new", Priority.HIGH))

    assert keys(claim.claim("metadata", 1, token="d/1")) == ["old"]


def test_a_person_goes_before_whatever_has_waited():
    long_ago = timezone.now() - timedelta(days=30)
    queue.enqueue(W("test.plain", "old", due_at=long_ago), W("test.plain", "asked", Priority.CRITICAL))

    assert keys(claim.claim("metadata", 1, token="d/1")) == ["asked"]


def test_the_limit_holds_over_claims_and_changes_at_once():
    queue.set_limit("metadata", 3, actor="me")
    queue.enqueue(*(W("test.plain", str(number)) for number in range(10)))

    assert len(claim.claim("metadata", 2, token="d/1")) == 2
    assert len(claim.claim("metadata", 5, token="d/2")) == 1
    assert claim.claim("metadata", 5, token="d/3") == []
    queue.set_limit("metadata", 5, actor="me")
    assert len(claim.claim("metadata", 5, token="d/4")) == 2


def test_a_claim_counts_an_attempt_and_leases_for_a_minute():
    queue.enqueue(W("test.plain", "a"))

    (found,) = claim.claim("metadata", 1, token="d/1")

    job = Job.objects.get()
    assert (job.attempts, job.leased_by, found.attempts) == (1, "d/1", 1)
    assert timedelta(seconds=50) < job.leased_until - timezone.now() <= timedelta(seconds=60)


def test_what_is_not_due_waits():
    queue.enqueue(W("test.plain", "a", due_at=timezone.now() + timedelta(seconds=5)))

    assert claim.claim("metadata", 1, token="d/1") == []
    assert not any(pool.has_work for pool in look.look())


def test_a_held_source_holds_its_jobs_only():
    queue.enqueue(W("test.ending", "held"), W("test.plain", "free"))
    queue.hold("source", until=timezone.now() + timedelta(minutes=1), reason="it is down")

    assert {pool.name for pool in look.look() if pool.has_work} == {"metadata"}
    assert claim.claim("artwork", 1, token="d/1") == []

    queue.unhold("source")
    assert keys(claim.claim("artwork", 1, token="d/2")) == ["held"]


def test_an_expired_hold_holds_nothing():
    queue.enqueue(W("test.ending", "a"))
    queue.hold("source", until=timezone.now() - timedelta(seconds=1), reason="it was down")

    assert [pool.name for pool in look.look() if pool.has_work] == ["artwork"]


def test_a_paused_pool_gives_nothing_until_it_is_resumed():
    queue.enqueue(W("test.plain", "a", Priority.CRITICAL))
    queue.pause("metadata", "the disk is being changed", actor="me")

    assert claim.claim("metadata", 1, token="d/1") == []
    assert claim.claim("metadata", 1, token="d/1", critical=True) == []
    assert "metadata" not in {pool.name for pool in look.look()}

    queue.resume("metadata", actor="me")
    assert keys(claim.claim("metadata", 1, token="d/2")) == ["a"]


def test_what_a_person_asked_for_goes_beyond_the_limit():
    queue.set_limit("metadata", 1, actor="me")
    queue.enqueue(W("test.plain", "a"), W("test.plain", "b"))
    claim.claim("metadata", 1, token="d/1")
    queue.enqueue(W("test.plain", "asked", Priority.CRITICAL))

    (pool,) = (pool for pool in look.look() if pool.name == "metadata")
    assert pool.has_critical
    assert claim.claim("metadata", 1, token="d/2") == []
    assert keys(claim.claim("metadata", 5, token="d/3", critical=True)) == ["asked"]


def test_what_runs_alone_is_claimed_only_by_who_asks_for_it():
    queue.enqueue(W("test.plain", "poison"))
    Job.objects.update(alone=True)

    assert claim.claim("metadata", 1, token="d/1") == []
    assert look.alone_due()
    assert keys(claim.claim("metadata", 1, token="d/2", which=look.Filter(alone=True))) == ["poison"]


def test_a_foreground_run_takes_only_its_own():
    queue.enqueue(W("test.plain", "mine", origin="scan:1"), W("test.plain", "other", origin="scan:2"))

    assert keys(claim.claim("metadata", 5, token="d/1", which=look.Filter(origin="scan:1"))) == ["mine"]


def test_jobs_of_an_older_version_wait_in_the_pool_of_this_one():
    queue.enqueue(W("test.plain", "a"))
    Job.objects.update(pool="former", needs="former")

    pools.ensure()

    assert keys(claim.claim("metadata", 1, token="d/1")) == ["a"]
