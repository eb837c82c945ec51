"""What reporting gives to its own reports: what fills their sections."""

from __future__ import annotations


def register() -> None:
    """Make every provider known."""
    from saferhub.reporting.sections import areas, beginning, boards, plan, questions, register, year

    register("purpose", "What the report is for", beginning.purpose)
    register(
        "statutory_background",
        "What the law asks, and who is in the partnership",
        beginning.statutory_background,
    )
    register("plan", "The plan, its areas, how its actions stand", plan.plan)
    register("boards", "Working with other boards", boards.boards)
    register("hubs", "The hubs, their evaluation and their figures", areas.hubs)
    register("area", "One area: what is known, objectives, actions, measures", areas.area)
    register("area_plan", "One area as the plan tells it", areas.area_plan)
    register("questions", "What members asked and is not settled", questions.questions)
    register("recommendations", "What members are asked to do", beginning.recommendations)
    register("review_purpose", "What a yearly review is", year.purpose)
    register("progress", "What became of the year’s actions", year.progress)
    register("scorecard", "What the measures say, by area", year.scorecard)
    register("training", "Training and what came of it", year.training)
    register("funding", "Money and services", year.funding)
    register("connected", "What connected partnerships reported", boards.connected_alone)
    register("consultation", "Whom the partnership asked", year.consultation)
    register("rolled", "What the review decided of each action", year.rolled)
