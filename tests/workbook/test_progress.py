"""status and remind: who has it, who is late by the working calendar, told from the journal alone."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import ledger
from workbook.exchange.due_tasks import due_tasks
from workbook.exchange.folder import Dispatch, Exchange, Received, Sent
from workbook.exchange.progress import Progress, State, progress, uncertain_years
from workbook.exchange.working_days import is_working_day, unknown_years, working_days

DUE = "2025-09-30"
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


class TestWorkingDays:
    @pytest.mark.parametrize(("text", "working"), [
        ("2025-01-26", True), ("2025-01-27", True), ("2025-01-28", False), ("2025-02-05", True), ("2025-02-08", True),
        ("2025-04-27", True), ("2025-05-05", False), ("2025-06-02", False), ("2025-09-28", True), ("2025-10-08", False),
        ("2025-10-11", True), ("2025-10-12", False), ("2026-01-02", False), ("2026-01-04", True), ("2026-02-14", True),
        ("2026-02-23", False), ("2026-02-28", True), ("2026-05-09", True), ("2026-06-19", False), ("2026-09-20", True),
        ("2026-09-25", False), ("2026-10-07", False), ("2026-10-10", True), ("2027-01-01", True), ("2027-01-02", False),
    ])
    def test_holidays_and_make_up_days(self, text: str, working: bool) -> None:
        assert is_working_day(day(text)) is working

    @pytest.mark.parametrize(("year", "count"), [(2025, 248), (2026, 248)])
    def test_a_year_has_its_working_days(self, year: int, count: int) -> None:
        assert working_days(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == count

    def test_across_the_national_holiday(self) -> None:
        assert working_days(day("2025-09-30"), day("2025-10-09")) == 1
        assert working_days(day("2025-09-30"), day("2025-10-13")) == 4
        assert working_days(day("2025-10-09"), day("2025-09-30")) == -1

    @given(one=DAYS, two=DAYS, three=DAYS)
    def test_stretches_add_up(self, one: dt.date, two: dt.date, three: dt.date) -> None:
        one, two, three = sorted((one, two, three))
        assert working_days(one, two) + working_days(two, three) == working_days(one, three)

    def test_a_year_without_notice_is_said(self) -> None:
        assert unknown_years(day("2026-12-30"), day("2027-01-05")) == [2027]


@pytest.fixture
def exchange(tmp_path) -> Exchange:  # type: ignore[no-untyped-def]
    made = Exchange.opened(tmp_path / "往来")
    sent = tuple(Sent(name, code, f"批/下发/{code}.xlsx", "d", "s", "c")
                 for name, code in (("救助股", "JZ"), ("养老股", "YL")))
    made.record_dispatch(Dispatch("批一", "2025-09-20T09:00:00", DUE, "台账", sent),
                         people={"JZ": ["柴知秋", "jz@office.example.invalid"], "YL": ["", ""]})
    return made


def back(exchange: Exchange, at: str, *, verdict: str = "新收", dispatch: str = "批一", name: str = "a" * 16) -> None:
    exchange.record_received(Received(name, "救助股", "JZ", dispatch, "收回/x.xlsx", verdict, "x.xlsx", "邮件", at))


def stands(exchange: Exchange, today: str) -> Progress:
    return next(one for one in progress(exchange, day(today)) if one.code == "JZ")


class TestStatus:
    def test_not_returned_and_not_yet_late(self, exchange: Exchange) -> None:
        one = stands(exchange, DUE)
        assert (one.state, one.late, one.overdue, one.returned) == (State.OUT, False, 0, "")
        assert (one.clerk, one.contact) == ("柴知秋", "2025-09-20T09:00:00")

    def test_a_letter_that_came_back_undelivered_until_it_is_sent_anew(self, exchange: Exchange) -> None:
        back(exchange, "2025-09-21T09:00:00", verdict="退信", dispatch="")
        assert (stands(exchange, DUE).state, stands(exchange, DUE).waiting) == (State.BOUNCED, True)
        exchange.record({"event": "mailed", "code": "JZ", "at": "2025-09-22T09:00:00", "to": "b@x.example.invalid"})
        assert stands(exchange, DUE).state is State.OUT
        back(exchange, "2025-09-23T09:00:00", verdict="退信", dispatch="")
        back(exchange, "2025-09-24T09:00:00")
        assert stands(exchange, DUE).state is State.BACK

    def test_late_is_counted_in_working_days(self, exchange: Exchange) -> None:
        assert (stands(exchange, "2025-10-08").late, stands(exchange, "2025-10-08").overdue) == (True, 0)
        assert stands(exchange, "2025-10-10").overdue == 2

    def test_returned_in_time_stays_in_time(self, exchange: Exchange) -> None:
        back(exchange, f"{DUE}T18:00:00")
        one = stands(exchange, "2025-12-31")
        assert (one.state, one.late, one.returned) == (State.BACK, False, f"{DUE}T18:00:00")

    def test_returned_late_stays_late_by_its_own_day(self, exchange: Exchange) -> None:
        back(exchange, "2025-10-09T08:00:00")
        one = stands(exchange, "2025-12-31")
        assert (one.state, one.late, one.overdue) == (State.BACK, True, 1)

    @pytest.mark.parametrize(("verdict", "state"), [
        ("可疑", State.ASIDE), ("损坏", State.OUT), ("重复", State.OUT), ("自动回复", State.OUT), ("旧版", State.OUT)])
    def test_what_is_no_usable_return_is_none(self, exchange: Exchange, verdict: str, state: State) -> None:
        back(exchange, "2025-09-25T08:00:00", verdict=verdict)
        assert stands(exchange, DUE).state is state
        assert stands(exchange, DUE).contact == "2025-09-25T08:00:00"

    def test_a_book_that_somebody_forged_in_its_name_does_not_keep_it_from_being_reminded(
            self, exchange: Exchange) -> None:
        back(exchange, "2025-09-25T08:00:00", verdict="可疑")
        assert stands(exchange, "2025-10-10").waiting
        assert (stands(exchange, "2025-10-10").late, stands(exchange, "2025-10-10").overdue) == (True, 2)

    def test_what_was_let_in_counts(self, exchange: Exchange) -> None:
        back(exchange, "2025-09-25T08:00:00", verdict="可疑")
        exchange.record({"event": "accepted", "received": "a" * 16})
        assert stands(exchange, DUE).state is State.BACK

    def test_merged_sent_back_and_returned_again(self, exchange: Exchange) -> None:
        back(exchange, "2025-09-25T08:00:00")
        exchange.record({"event": "sent_back", "received": "a" * 16, "office": "救助股", "code": "JZ"})
        assert stands(exchange, DUE).state is State.SENT_BACK
        assert stands(exchange, "2025-10-10").overdue == 2
        back(exchange, "2025-09-26T08:00:00", name="b" * 16)
        assert stands(exchange, DUE).state is State.BACK
        exchange.record({"event": "merged", "received": "b" * 16, "office": "救助股", "counts": {"merged": 3}})
        assert (stands(exchange, DUE).state, stands(exchange, DUE).counts) == (State.MERGED, {"merged": 3})

    def test_an_older_save_that_merge_refused_changes_nothing(self, exchange: Exchange) -> None:
        back(exchange, "2025-09-25T08:00:00")
        exchange.record({"event": "merged", "received": "a" * 16, "office": "救助股"})
        exchange.record({"event": "merge", "balance": {"救助股": {"returned": 4}}})
        back(exchange, "2025-09-26T08:00:00", name="b" * 16)
        exchange.record({"event": "sent_back", "received": "b" * 16, "office": "救助股", "why": "旧版"})
        assert (stands(exchange, DUE).state, stands(exchange, DUE).counts) == (State.MERGED, {"returned": 4})

    def test_a_newer_dispatch_is_waited_for_alone(self, exchange: Exchange) -> None:
        back(exchange, "2025-09-25T08:00:00")
        sent = (Sent("救助股", "JZ", "二/下发/JZ.xlsx", "d", "s", "c2"),)
        exchange.record_dispatch(Dispatch("批二", "2025-09-26T09:00:00", "", "台账", sent))
        assert (stands(exchange, DUE).state, stands(exchange, DUE).due) == (State.OUT, "")
        assert len(progress(exchange, day(DUE))) == 2

    def test_overdue_days_of_an_unknown_year_are_said(self, exchange: Exchange) -> None:
        assert uncertain_years(progress(exchange, day("2025-12-31")), day("2025-12-31")) == []
        assert uncertain_years(progress(exchange, day("2027-01-08")), day("2027-01-08")) == [2027]


def test_tasks_overdue_and_soon_due() -> None:
    found = ledger("""
        ## 任务

        | 编号 | 任务名称 | 责任股室 | 完成时限 | 状态 |
        |---|---|---|---|---|
        | R1 | 早过了 | 救助股 | 2025-09-29 | 进行中 |
        | R2 | 假里到期 | 救助股 | 2025-10-03 | 未开始 |
        | R3 | 快到期 | 养老股 | 2025-10-10 | 进行中 |
        | R4 | 还早 | 养老股 | 2025-12-10 | 进行中 |
        | R5 | 办完了 | 救助股 | 2025-09-01 | 已完成 |
        | R6 | 取消了 | 救助股 | 2025-09-01 | 已取消 |
        | R7 | 没有股室 |  | 2025-09-01 | 进行中 |
        """)
    due = due_tasks(found, day("2025-10-09"), 5)
    assert [(one.key, one.days) for one in due] == [("R3", 1), ("R1", -2), ("R2", -1)]
