"""Bad changes are found on their line, good ones are not, over projects of every kind."""

from planned_changes import BAD, GOOD, cases
from projects import PROJECTS

from bot.lint.run import Options, lint

BAD_CASES, GOOD_CASES = cases(BAD, PROJECTS, 320), cases(GOOD, PROJECTS, 300)


def planted(folder, project, change, key):
    plan = project.plan()
    change.apply(plan, key)
    return project.write(folder, plan)


def found_by(folder, line, change):
    """Those of the step, and whether one of them stands on the line."""
    result = lint([str(folder)], Options())
    found = [f for f in result.findings if f.step == change.step and f.outcome == change.outcome]
    return bool(found), any(each.line == line for each in found), result


def test_there_are_enough_projects_and_changes():
    assert len(PROJECTS) >= 40
    assert len(BAD_CASES) >= 300
    assert len(GOOD_CASES) >= 300
    assert {change.name for _, change, _ in BAD_CASES} == {change.name for change in BAD}


def test_bad_changes_are_found_on_their_line(tmp_path):
    missed, elsewhere = [], []
    for number, (project, change, key) in enumerate(BAD_CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        line = planted(folder, project, change, key)
        found, exact, _ = found_by(folder, line, change)
        missed += [] if found else [(project.name, change.name)]
        elsewhere += [] if exact or not found else [(project.name, change.name)]

    assert missed == []
    assert elsewhere == []


def test_good_changes_are_not_found(tmp_path):
    wrong = []
    for number, (project, change, key) in enumerate(GOOD_CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        planted(folder, project, change, key)
        result = lint([str(folder)], Options())
        wrong += [(project.name, change.name, each.headline) for each in result.findings]
        wrong += [(project.name, change.name, each.why) for each in result.unknown]

    assert wrong == []
