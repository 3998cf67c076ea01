"""Known data sets that nobody here wrote, out of ready tables: the numbers in print."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.hazards import Fit, Term, cells_of, cox, logit, proportionality
from tests.real_inputs import DATA, needs_real_data

pytestmark = needs_real_data
PRINT = 1e-4


def read(path: str) -> pl.DataFrame:
    return pl.read_csv(DATA / Path(path), null_values=["NA", ""], encoding="utf8-lossy", infer_schema_length=None)


def fitted(frame: pl.DataFrame, time: str, event: str, *terms: Term, strata: tuple[str, ...] = ()) -> Fit:
    covariates = [term.column for term in terms] + list(strata)
    return cox(cells_of(frame, time, event, covariates=covariates).cells, "event", terms, strata=strata)


def told(fit: Fit) -> dict[str, tuple[float, float]]:
    return {name: (value, error) for name, value, error in zip(fit.terms, fit.coef, fit.errors, strict=True)}


def test_job_retention_cox_table_and_tests() -> None:
    terms = (Term("gender", "F"), Term("field", "Education and Training"), Term("level", "High"), Term("sentiment"))
    ready = cells_of(read("hris/mcnulty/job_retention.csv"), "month", "left", covariates=[t.column for t in terms])
    fit = cox(ready.cells, "event", terms)
    assert (ready.rows, fit.events) == (3_770, 1_354)
    printed = {
        "gender=M": (-0.04548, 0.05886),
        "field=Finance": (0.22334, 0.06681),
        "field=Health": (0.27830, 0.12890),
        "field=Law": (0.10532, 0.14515),
        "field=Public/Government": (0.11499, 0.08899),
        "field=Sales/Marketing": (0.08776, 0.10211),
        "level=Low": (0.14813, 0.09000),
        "level=Medium": (0.17666, 0.10203),
        "sentiment": (-0.11756, 0.01397),
    }
    assert told(fit).keys() == printed.keys()
    for name, pair in told(fit).items():
        assert pair == pytest.approx(printed[name], abs=PRINT), name
    assert fit.likelihood_ratio.statistic == pytest.approx(89.18, abs=0.005)
    assert fit.likelihood_ratio.freedom == 9
    assert proportionality(ready.cells, "event", terms).row(-1)[:3] == ("all terms", pytest.approx(11.156, abs=5e-4), 9)


@pytest.fixture(scope="module")
def babushkin() -> pl.DataFrame:
    frame = read("hris/babushkin_turnover/turnover.csv")
    return frame.with_columns(ageentry=pl.col("age") - pl.col("stag") / 12)


def babushkin_terms(frame: pl.DataFrame) -> list[Term]:
    first = {name: str(frame[name].min()) for name in ("industry", "greywage", "traffic", "way", "profession")}
    categories = [Term(name, level) for name, level in first.items()]
    return [*categories, Term("coach", "my head"), Term("ageentry"), Term("extraversion"), Term("anxiety")]


def test_babushkin_first_model(babushkin: pl.DataFrame) -> None:
    fit = fitted(babushkin, "stag", "event", *babushkin_terms(babushkin))
    assert fit.aic == pytest.approx(6737.634, abs=5e-4)


def test_babushkin_second_model_in_strata_of_profession(babushkin: pl.DataFrame) -> None:
    terms = [term for term in babushkin_terms(babushkin) if term.column != "profession"]
    fit = fitted(babushkin, "stag", "event", *terms, strata=("profession",))
    assert fit.aic == pytest.approx(4961.391, abs=5e-4)
    assert fit.ratio("coach=no") == pytest.approx((0.8886921, 0.7143, 1.1056), abs=PRINT)
    assert fit.ratio("coach=yes") == pytest.approx((1.2941508, 0.9606, 1.7435), abs=PRINT)
    assert fit.ratio("greywage=white")[0] == pytest.approx(0.6733821, abs=1e-7)
    assert fit.ratio("extraversion")[0] == pytest.approx(1.0733283, abs=1e-7)
    assert fit.ratio("anxiety")[0] == pytest.approx(0.9615036, abs=1e-7)


@pytest.mark.parametrize(
    ("cause", "events", "printed"),
    [("pcm", 115, (0.0164, -0.0050, 0.8841)), ("death", 860, (0.0652, 0.3889, -0.0593))],
)
def test_mgus2_cause_specific(cause: str, events: int, printed: tuple[float, float, float]) -> None:
    has_pcm = pl.col("pstat") == 1
    frame = read("published/survival__mgus2.csv").with_columns(
        time=pl.when(has_pcm).then("ptime").otherwise("futime"),
        end=pl.when(has_pcm).then(pl.lit("pcm")).when(pl.col("death") == 1).then(pl.lit("death")).otherwise(pl.lit("")),
    )
    assert (frame["end"] == cause).sum() == events
    fit = fitted(frame, "time", f"end={cause}", Term("age"), Term("sex", "F"), Term("mspike"))
    assert fit.coef == pytest.approx(printed, abs=PRINT)


@pytest.mark.parametrize(("lag", "weeks", "printed"), [(0, 19_809, (-1.328, 0.2507)), (1, 19_377, (-0.787, 0.2181))])
def test_rossi_employment_in_the_same_week_and_the_week_before(
    lag: int, weeks: int, printed: tuple[float, float]
) -> None:
    """Working in the week of an arrest is partly a result of it: the week before tells less, and more truly."""
    terms = [Term("fin", "no"), Term("age"), Term("race", "other"), Term("wexp", "no"), Term("mar", "not married")]
    terms += [Term("paro", "no"), Term("prio"), Term("exposure", "no")]
    ready = cells_of(
        read("published/carData__Rossi.csv"),
        "week",
        "arrest",
        covariates=[term.column for term in terms[:-1]],
        exposure_from="emp",
        lag=lag,
        times="months",
    )
    # Nobody's state before the first week is known, so that week leaves where the week before counts.
    assert ready.cells["at_risk"].sum() == weeks
    fit = cox(ready.cells, "event", terms)
    assert told(fit)["exposure=yes"] == pytest.approx(printed, abs=6e-4)


def test_mfg10_logit_of_one_row_per_person_and_year() -> None:
    frame = read("hris/mfg10/MFG10YearTerminationData.csv").filter(pl.col("STATUS_YEAR") <= 2014)
    numbers = [Term("age"), Term("length_of_service"), Term("STATUS_YEAR")]
    terms = [*numbers, Term("gender_full", "Female"), Term("BUSINESS_UNIT", "HEADOFFICE")]
    ready = cells_of(frame, None, "STATUS=TERMINATED", covariates=[term.column for term in terms])
    fit = logit(ready.cells, "event", terms)
    assert ready.rows == 44_692
    printed = {
        "age": (0.21944, 0.00438),
        "length_of_service": (-0.43146, 0.01086),
        "gender_full=Male": (0.51900, 0.06766),
        "STATUS_YEAR": (0.44122, 0.01687),
        "BUSINESS_UNIT=STORES": (-2.73943, 0.16616),
    }
    found = told(fit)
    assert found["intercept"][0] == pytest.approx(-893.51883, abs=PRINT)
    for name, pair in printed.items():
        assert found[name] == pytest.approx(pair, abs=1e-5), name
    assert fit.aic == pytest.approx(9065.3, abs=0.05)
    assert fit.log_likelihood == pytest.approx(-4526.633, abs=5e-4)
