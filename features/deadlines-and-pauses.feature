Feature: Deadlines and pauses
  A deadline says what is due, by when, from which event and until which event. Nobody keeps it up
  to date: it follows from what happened. It can be lifted for a coded reason, or moved with a
  reason. While a journey rests its clocks stand still.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name  | for        | as          |
      | Pekka | TE office  | case worker |
      | Leena | Savonlinna | case worker |
      | Oskar | Saimaa Oy  | employer    |
    And these persons are registered on 2 December 2024
      | name  | born         | lives in   |
      | Venla | 30 July 1999 | Savonlinna |

  Rule: A deadline is counted in working days of the country, or in calendar time

    Scenario Outline: Ten working days in Finland
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on <accepted> | service line: line 1          |
        |                                                                      | existing plan: Looks for work |
        | Leena accepts Venla's referral on <accepted>                         |                               |
      Then on <accepted> Venla's deadlines are
        | deadline        | opened     | due   | status | basis                                      |
        | first interview | <accepted> | <due> | open   | Fast response promised by the project plan |

      Examples: an ordinary fortnight, Christmas and Epiphany, Easter and May Day, Midsummer
        | accepted         | due               |
        | 3 September 2025 | 17 September 2025 |
        | 16 December 2025 | 5 January 2026    |
        | 15 April 2025    | 2 May 2025        |
        | 10 June 2025     | 25 June 2025      |

    Scenario: Ten working days in Italy, with Liberation Day and the first of May in them
      Given the programme ali is published on 2 December 2024
      And these people work together
        | name  | for         | as         |
        | Elena | desk Feltre | counsellor |
      And this has happened
        | Elena refers Venla to desk Feltre by desk on 17 April 2025 |
        | Elena accepts Venla's referral on 17 April 2025            |
      Then on 17 April 2025 Venla's deadlines are
        | deadline  | due        | status |
        | interview | 6 May 2025 | open   |

    Scenario: A deadline is met in time, met late, or overdue
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025 | service line: line 1          |
        |                                                                            | existing plan: Looks for work |
        | Leena accepts Venla's referral on 3 September 2025                         |                               |
        | Leena holds the intake interview with Venla on 17 September 2025           | employment: unemployed        |
      Then on 18 September 2025 Venla's deadlines are
        | deadline        | opened            | due               | status | met               |
        | first interview | 3 September 2025  | 17 September 2025 | met    | 17 September 2025 |
        | service needs   | 17 September 2025 | 8 October 2025    | open   |                   |
      And on 9 October 2025 Venla's deadlines include
        | deadline      | status  |
        | service needs | overdue |
      When Leena defines Venla's service needs as skills on 10 October 2025
      Then on 13 October 2025 Venla's deadlines include
        | deadline      | due              | status   | met             |
        | service needs | 8 October 2025   | met late | 10 October 2025 |
        | first service | 10 November 2025 | open     |                 |

    Scenario: A month that has no such day ends with its last day
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 12 January 2026 | service line: line 1          |
        |                                                                           | existing plan: Looks for work |
        | Leena accepts Venla's referral on 12 January 2026                         |                               |
        | Leena holds the intake interview with Venla on 15 January 2026            | employment: unemployed        |
        | Leena defines Venla's service needs as skills on 31 January 2026          |                               |
      Then on 31 January 2026 Venla's deadlines include
        | deadline      | due              |
        | first service | 28 February 2026 |

  Rule: A deadline can be lifted or moved, with a reason

    Scenario: Lifted for a reason of the programme's list
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025 | service line: line 1          |
        |                                                                            | existing plan: Looks for work |
        | Leena accepts Venla's referral on 3 September 2025                         |                               |
      Then it is refused that Leena exempts Venla from the deadline first interview for summer leave on 8 September 2025
        | field   | reason                                                                                     |
        | message | 'summer-leave' is not in the definition; known: clients-wish, illness, in-service, in-work |
      When Leena exempts Venla from the deadline first interview for illness on 8 September 2025
        | note | In hospital until October |
      Then on 20 October 2025 Venla's deadlines are
        | deadline        | due               | status |
        | first interview | 17 September 2025 | exempt |
      But on 7 September 2025, as at 7 September 2025, Venla's deadlines are
        | deadline        | due               | status |
        | first interview | 17 September 2025 | open   |
      And nothing new is recorded where Leena exempts Venla from the deadline first interview for illness on 8 September 2025
        | note | In hospital until October |

    Scenario: Moved to another day
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025 | service line: line 1          |
        |                                                                            | existing plan: Looks for work |
        | Leena accepts Venla's referral on 3 September 2025                         |                               |
      When Leena moves Venla's deadline first interview to 26 September 2025 on 15 September 2025, because she is at a funeral
      Then on 22 September 2025 Venla's deadlines are
        | deadline        | due               | status |
        | first interview | 26 September 2025 | open   |
      And it is refused that Leena moves Venla's deadline first interview to 1 September 2025 on 16 September 2025, because of a slip
        | field   | due                                    |
        | message | the deadline opened only on 2025-09-03 |
      When Leena holds the intake interview with Venla on 25 September 2025
        | employment | unemployed |
      Then it is refused that Leena moves Venla's deadline first interview to 3 October 2025 on 29 September 2025, because nobody looked
        | state   | it was met on 2025-09-25                        |
        | missing | correct the entry that met it, if that is wrong |

  Rule: A pause stops the clocks

    Scenario: Resting for a fortnight
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025 | service line: line 1          |
        |                                                                            | existing plan: Looks for work |
        | Leena accepts Venla's referral on 3 September 2025                         |                               |
      When Leena pauses Venla's journey on 8 September 2025, because she is ill
        | until | 19 September 2025 |
      Then Venla's record says
        | status | paused |
      And on 1 October 2025 Venla's deadlines are
        | deadline        | due | status   |
        | first interview |     | standing |
      And it is refused that Leena holds the intake interview with Venla on 10 September 2025
        | state   | the journey is paused    |
        | act     | hold an intake interview |
        | missing | resume the journey first |
      When Leena resumes Venla's journey on 22 September 2025
      Then Venla's record says
        | status | open |
      And on 22 September 2025 Venla's deadlines are
        | deadline        | due            | status |
        | first interview | 1 October 2025 | open   |
      And as at 10 September 2025 Venla's deadlines are
        | deadline        | due | status   |
        | first interview |     | standing |
      And it is refused that Leena resumes Venla's journey on 23 September 2025
        | state   | the journey is open                  |
        | missing | only a paused journey can be resumed |

    Scenario: Calendar time stands still for as many days
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025       | service line: line 1          |
        |                                                                                  | existing plan: Looks for work |
        | Leena accepts Venla's referral on 3 September 2025                               |                               |
        | Leena holds the intake interview with Venla on 10 September 2025                 | employment: unemployed        |
        | Leena defines Venla's service needs as skills on 15 September 2025               |                               |
        | Leena pauses Venla's journey on 1 October 2025, because she cares for her mother |                               |
        | Leena resumes Venla's journey on 11 October 2025                                 |                               |
      Then on 13 October 2025 Venla's deadlines include
        | deadline      | due             | status |
        | first service | 25 October 2025 | open   |

    Scenario: A pause that is recorded late was a pause all the same
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025 | service line: line 1          |
        |                                                                            | existing plan: Looks for work |
        | Leena accepts Venla's referral on 3 September 2025                         |                               |
      Then on 24 September 2025 Venla's deadlines are
        | deadline        | due               | status  |
        | first interview | 17 September 2025 | overdue |
      When Leena pauses Venla's journey on 8 September 2025, because she was ill, recorded only on 25 September 2025
      And Leena resumes Venla's journey on 22 September 2025, recorded only on 25 September 2025
      Then on 24 September 2025 Venla's deadlines are
        | deadline        | due            | status |
        | first interview | 1 October 2025 | open   |
      But on 24 September 2025, as known on 24 September 2025, Venla's deadlines are
        | deadline        | due               | status  |
        | first interview | 17 September 2025 | overdue |

    Scenario: The answer to a handover does not wait for anybody's rest
      Given the programme askel is published on 2 December 2024
      And these people work together
        | name | for    | as          |
        | Riku | Kuopio | case worker |
      And this has happened
        | Pekka refers Venla to Kuopio by TE office referral on 1 September 2025                 |
        | Riku accepts Venla's referral on 3 September 2025                                      |
        | Riku becomes Venla's case worker on 3 September 2025                                   |
        | Riku asks TE office to take Venla over on 8 September 2025, because she wants to study |
        | Riku pauses Venla's journey on 9 September 2025, because she is ill                    |
      Then on 17 September 2025 Venla's deadlines are
        | deadline        | due               | status   |
        | first interview |                   | standing |
        | handover        | 15 September 2025 | overdue  |

  Rule: Follow-up has a calendar, and the end of a journey ends what is open

    Background:
      Given this has happened
        | Pekka refers Venla to Savonlinna by TE office referral on 1 September 2025                    | service line: line 1             |
        |                                                                                               | existing plan: Looks for work    |
        |                                                                                               | need definition: Job search      |
        | Leena assesses Venla's eligibility on 1 September 2025                                        | unemployed since: 11 August 2025 |
        | Leena accepts Venla's referral on 1 September 2025                                            |                                  |
        | Leena becomes Venla's case worker on 1 September 2025                                         |                                  |
        | Leena moves Venla on to intake on 1 September 2025                                            |                                  |
        | Leena holds the intake interview with Venla on 4 September 2025                               | employment: unemployed           |
        | Leena defines Venla's service needs as job search on 4 September 2025                         |                                  |
        | Leena moves Venla on to placement on 5 September 2025                                         |                                  |
        | Leena proposes a placement with Saimaa Oy to Venla as open labour market on 5 September 2025  |                                  |
        | Leena agrees Venla's placement with Saimaa Oy, signed by Venla and Oskar on 12 September 2025 |                                  |
        | Leena records that Venla began with Saimaa Oy on 15 September 2025                            |                                  |
        | Leena moves Venla on to follow-up on 15 September 2025                                        |                                  |

    Scenario: Each follow-up meets its point of the calendar, also after the end
      When this happens
        | Leena holds a follow-up with Venla on 13 October 2025                        | status: employed; point: one month |
        | Leena closes Venla's journey as completed into employment on 1 December 2025 |                                    |
        | Leena holds a follow-up with Venla on 12 December 2025                       | status: employed                   |
      Then on 15 December 2025 Venla's deadlines include
        | deadline     | opened            | due              | status |
        | one month    | 15 September 2025 | 15 October 2025  | met    |
        | three months | 15 September 2025 | 15 December 2025 | met    |
        | six months   | 15 September 2025 | 15 March 2026    | lapsed |
      And Venla's record says
        | follow-ups | 13 October 2025 employed; 12 December 2025 employed |

    Scenario: A follow-up without a point meets the earliest that is open
      When Leena holds a follow-up with Venla on 20 October 2025
        | status | employed |
      Then on 21 October 2025 Venla's deadlines include
        | deadline     | due              | status   | met             |
        | one month    | 15 October 2025  | met late | 20 October 2025 |
        | three months | 15 December 2025 | open     |                 |

    Scenario: A journey that is closed lets what is open lapse, and reopened it goes on
      Given Leena closes Venla's journey as ended early into moved away on 22 September 2025, because she moved to Turku
      Then on 1 December 2025 Venla's deadlines include
        | deadline     | status |
        | one month    | lapsed |
        | three months | lapsed |
      And it is refused that Leena proposes the service job matching to Venla on 23 September 2025
        | state   | the journey is closed    |
        | missing | reopen the journey first |
      When Leena reopens Venla's journey on 29 September 2025, because she came back
      Then Venla's record says
        | status | open |
        | end    | none |
      And on 1 October 2025 Venla's deadlines include
        | deadline     | due              | status |
        | one month    | 15 October 2025  | open   |
        | three months | 15 December 2025 | open   |
