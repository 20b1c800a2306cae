"""What the description gives as an example can be sent as it stands, and is done."""

from tests.interfaces.http.desk import LEAD, memory_desk  # noqa: F401


def example_of(described, name):
    (example,) = described["components"]["schemas"][name]["examples"]
    return example


def test_the_example_of_a_batch_can_be_done(client_of, described):
    sender = client_of(organisation="tampere")
    body = example_of(described, "BatchSaid")
    answer = sender.post("/batch", json=body, headers={"Idempotency-Key": "example"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["done"], answer.json()["refused"]) == (3, 0)


def test_the_example_of_a_referral_can_be_recorded(client_of, described):
    sender = client_of(organisation="tampere")
    made = {"given_name": "Anna", "family_name": "Virtanen"}
    registered = sender.post("/clients", json=made, headers={"Idempotency-Key": "anna"}).json()
    body = example_of(described, "Refer") | {"client": registered["client"]}
    answer = sender.post("/journeys", json=body, headers={"Idempotency-Key": "example"})
    assert answer.status_code == 201, answer.text


def test_what_a_parameter_means_stands_beside_it(described):
    listed = described["paths"]["/journeys/{journey}/timeline"]["get"]["parameters"]
    meant = {one["name"]: one.get("description") for one in listed}
    assert meant["cursor"] == "`next` of the page before; left out: the first page."
    assert all(meant.values()), meant


def test_who_is_far_behind_is_told_a_page_of_what_changed(memory_desk):  # noqa: F811
    memory_desk.registers("c-1", "Aino", "M\u00e4kinen")
    memory_desk.refers("j-1", "c-1")
    memory_desk.takes("j-1")
    asking = memory_desk.asks(LEAD)
    advice = [
        {
            "act": "advise-employer",
            "journey": "j-1",
            "body": {"employer": f"firm-{number}", "topic": "vacancies"},
        }
        for number in range(210)
    ]
    sent = {"mode": "all", "acts": advice}
    assert asking.post("/batch", json=sent, headers={"Idempotency-Key": "a"}).status_code == 200
    headers = {"Idempotency-Key": "late", "If-Match": '"1"'}
    answer = asking.post("/journeys/j-1/acts/pause", json={"reason": "ill"}, headers=headers)
    changed = answer.json()["changed"]
    assert (answer.status_code, len(changed)) == (412, 200)
    assert changed[-1]["version"] == answer.json()["actual"]
