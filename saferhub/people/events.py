"""What the audit can say of people."""

from saferhub.audit.events import register

register(
    {
        "people.person_recorded": "recorded a person",
        "people.person_corrected": "corrected a person’s record",
        "people.place_recorded": "recorded a place",
        "people.place_corrected": "corrected a place’s record",
        "people.part_added": "added to a record",
        "people.part_corrected": "corrected a part of a record",
        "people.part_ended": "ended a part of a record",
        "people.linked": "decided that two records are the same person",
        "people.told_apart": "decided that two records are not the same person",
        "people.link_undone": "undid a decision on two records",
        "people.person_seen": "looked at a person’s record",
        "people.place_seen": "looked at a place’s record",
        "people.history_seen": "looked at a record’s history",
        "people.compared": "compared two records",
        "people.list_seen": "looked at the list of persons",
        "people.places_seen": "looked at the list of places",
    }
)

# Search
register(
    {
        "people.searched": "searched for a person",
        "people.searched_places": "searched for a place",
        "people.searched_matters": "searched for a matter",
        "people.searched_words": "searched for words in matters",
        "people.results_seen": "saw the results of a search",
        "people.search_limited": "searched more often than an hour allows",
    }
)
