Feature: Two clocks, and what was wrong
  Every entry has the day on which it happened and the day on which it was recorded. Recording late
  is normal work. Nothing is edited: what was wrong is corrected or retracted by a further entry,
  with a reason. The state, the plan and the deadlines follow what is right; every decision that had
  leaned on what was wrong is named, until somebody has looked at it again.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name  | for        | as              |
      | Pekka | TE office  | case worker     |
      | Matti | Pieksämäki | case worker     |
      | Hanna | Pieksämäki | service manager |
    And these persons are registered on 2 December 2024
      | name | born        | lives in   |
      | Eero | 2 June 1979 | Pieksämäki |
    And this has happened
      | Pekka refers Eero to Pieksämäki by TE office referral on 1 October 2025 | service line: line 1          |
      |                                                                         | existing plan: Looks for work |
      |                                                                         | need definition: Job search   |
      | Matti accepts Eero's referral on 2 October 2025                         |                               |
      | Matti becomes Eero's case worker on 2 October 2025                      |                               |

  Rule: Recording late is normal work

    Scenario: On 1 November, what did we know about 20 October?
      When Matti holds the intake interview with Eero on 13 October 2025, recorded only on 3 November 2025
        | employment       | unemployed       |
        | unemployed since | 1 September 2024 |
      Then Eero's history is
        | entry | happened on     | recorded on     | by    | organisation | what                  |
        | 1     | 1 October 2025  | 1 October 2025  | Pekka | TE office    | referral made         |
        | 2     | 2 October 2025  | 2 October 2025  | Matti | Pieksämäki   | referral accepted     |
        | 3     | 2 October 2025  | 2 October 2025  | Matti | Pieksämäki   | case worker assigned  |
        | 4     | 13 October 2025 | 3 November 2025 | Matti | Pieksämäki   | intake interview held |
      And as at 20 October 2025 Eero's record says
        | employment       | unemployed       |
        | unemployed since | 1 September 2024 |
      But as at 20 October 2025, as known on 1 November 2025, Eero's record says
        | employment | not told |
      And as at 12 October 2025 Eero's record says
        | employment | not told |
      And as known on 3 November 2025 Eero's record says
        | employment | unemployed |

    Scenario: A deadline that seemed missed was met
      When Matti holds the intake interview with Eero on 13 October 2025, recorded only on 3 November 2025
        | employment | unemployed |
      Then as at 20 October 2025 Eero's deadlines include
        | deadline        | due             | status | met             |
        | first interview | 16 October 2025 | met    | 13 October 2025 |
      But as at 20 October 2025, as known on 20 October 2025, Eero's deadlines are
        | deadline        | due             | status  | met |
        | first interview | 16 October 2025 | overdue |     |

    Scenario: What is recorded late finds its place in the order of what happened
      Given this has happened
        | Matti holds the intake interview with Eero on 6 October 2025                                     | employment: unemployed             |
        |                                                                                                  | unemployed since: 1 September 2024 |
        | Matti defines Eero's service needs as job search on 20 October 2025                              |                                    |
        | Matti defines Eero's service needs as skills on 8 October 2025, recorded only on 27 October 2025 |                                    |
      Then Eero's record says
        | needs | job search |
      But as at 10 October 2025 Eero's record says
        | needs | skills |

    Scenario: Nobody records what has not happened yet, or what happened before the referral
      Then it is refused that Matti moves Eero on to intake on 10 October 2025, recorded only on 9 October 2025
        | field   | occurred_on                                |
        | message | 2025-10-10 lies ahead of today, 2025-10-09 |
      And it is refused that Matti moves Eero on to intake on 30 September 2025, recorded only on 9 October 2025
        | field   | occurred_on                                       |
        | message | 2025-09-30 lies before the referral of 2025-10-01 |

    Scenario: Doing the same again records nothing
      Given Matti holds the intake interview with Eero on 6 October 2025
        | employment | unemployed |
      Then nothing new is recorded where Matti accepts Eero's referral on 6 October 2025
      And nothing new is recorded where Matti becomes Eero's case worker on 6 October 2025
      And nothing new is recorded where Matti holds the intake interview with Eero on 6 October 2025
        | employment | unemployed |

  Rule: A correction says what an entry should have said

    Scenario: A wrong date made somebody a client, and it is found out
      Given this has happened
        | Matti holds the intake interview with Eero on 13 October 2025 | employment: unemployed                |
        |                                                               | unemployed since: 1 September 2024    |
        |                                                               | finished vocational school: yes       |
        | Matti assesses Eero's eligibility on 13 October 2025          | days unemployed of last 16 months: 43 |
        | Matti moves Eero on to intake on 13 October 2025              |                                       |
      Then Eero is eligible
      And Eero's verdict used these facts
        | fact              | value  | source                |
        | months unemployed | 13     | intake interview held |
        | service line      | line 1 | referral made         |

      When Matti corrects Eero's entry intake interview held on 17 November 2025, because the office says 1 September 2025
        | unemployed since | 1 September 2025 |
      Then Eero's record says
        | unemployed since | 1 September 2025 |
        | phase            | intake           |
        | eligible         | yes              |
      And as known on 16 November 2025 Eero's record says
        | unemployed since | 1 September 2024 |
      And as at 20 October 2025 Eero's record says
        | unemployed since | 1 September 2025 |
      And these decisions about Eero were in doubt
        | decision             | because of            | waits |
        | eligibility assessed | intake interview held | yes   |
        | phase entered        | intake interview held | yes   |

      When Matti assesses Eero's eligibility on 18 November 2025
        | days unemployed of last 16 months | 79 |
      Then Eero is not eligible, because
        | id             | outcome | basis                                           |
        | client-group   | not met | Project plan of Etelä-Savo, client group        |
        | referring-line | met     | Project plan of Etelä-Savo, referral of clients |
      And these decisions about Eero were in doubt
        | decision             | because of            | waits |
        | eligibility assessed | intake interview held | no    |
        | phase entered        | intake interview held | yes   |

      When Hanna reviews Eero's phase entered and does not uphold it on 19 November 2025, because he belongs to another service
      And Hanna closes Eero's journey as cancelled into unemployed on 19 November 2025, because he belongs to another service
      Then no decision about Eero waits for review
      And Eero's record says
        | status | closed                                        |
        | end    | cancelled into unemployed on 19 November 2025 |
      And as at 1 November 2025, as known on 1 November 2025, Eero is eligible

    Scenario: A corrected day moves the deadlines, and the one that counted as met is looked at again
      Given this has happened
        | Matti holds the intake interview with Eero on 16 October 2025   | employment: unemployed |
        | Matti defines Eero's service needs as skills on 17 October 2025 |                        |
      Then on 20 October 2025 Eero's deadlines include
        | deadline        | due             | status | met             |
        | first interview | 16 October 2025 | met    | 16 October 2025 |
        | service needs   | 6 November 2025 | met    | 17 October 2025 |
      When Matti corrects Eero's entry intake interview held on 24 October 2025, because the calendar says the 17th
        | happened on | 17 October 2025 |
      Then on 24 October 2025 Eero's deadlines include
        | deadline        | due             | status   | met             |
        | first interview | 16 October 2025 | met late | 17 October 2025 |
        | service needs   | 7 November 2025 | met      | 17 October 2025 |
      But on 24 October 2025, as known on 23 October 2025, Eero's deadlines include
        | deadline        | due             | status | met             |
        | first interview | 16 October 2025 | met    | 16 October 2025 |
      And these decisions about Eero were in doubt
        | decision        | because of            | waits |
        | first interview | intake interview held | yes   |
        | service needs   | intake interview held | yes   |
      When Hanna reviews Eero's first interview and does not uphold it on 27 October 2025, because one day late
      And Hanna reviews Eero's service needs and upholds it on 27 October 2025, because still in time
      Then no decision about Eero waits for review

    Scenario: The plan follows a correction
      Given this has happened
        | Matti holds the intake interview with Eero on 6 October 2025 | employment: unemployed |
      And Matti drafts Eero's plan on 7 October 2025
        | id      | goal                       | by               |
        | licence | A licence to drive lorries | 28 November 2025 |
        | job     | A job in transport         | 30 January 2026  |
      And this has happened
        | Matti agrees Eero's plan, signed by Eero and Matti on 7 October 2025 |
        | Matti records that Eero reached the step licence on 1 December 2025  |
      Then on 1 December 2025 Eero's plan stands like this
        | step    | by               | status       | actual          | days late |
        | licence | 28 November 2025 | reached-late | 1 December 2025 | 3         |
        | job     | 30 January 2026  | ahead        |                 |           |
      When Matti corrects Eero's entry plan step reached on 3 December 2025, because the licence is dated the 26th
        | happened on | 26 November 2025 |
      Then on 3 February 2026 Eero's plan stands like this
        | step    | by               | status  | actual           | days late |
        | licence | 28 November 2025 | reached | 26 November 2025 | -2        |
        | job     | 30 January 2026  | overdue |                  | 4         |
      But on 2 December 2025, as known on 2 December 2025, Eero's plan stands like this
        | step    | by               | status       | actual          | days late |
        | licence | 28 November 2025 | reached-late | 1 December 2025 | 3         |
        | job     | 30 January 2026  | ahead        |                 |           |
      And as at 20 November 2025 Eero's plan stands like this
        | step    | by               | status | actual | days late |
        | licence | 28 November 2025 | ahead  |        |           |
        | job     | 30 January 2026  | ahead  |        |           |

    Scenario: A correction needs a reason
      Given Matti holds the intake interview with Eero on 6 October 2025
        | employment | unemployed |
      When it is tried that Matti corrects Eero's entry intake interview held on 20 October 2025
        | unemployed since | 1 September 2025 |
      Then it is refused
        | field   | reason            |
        | message | must not be empty |

    Scenario: A correction is corrected again
      Given Matti holds the intake interview with Eero on 13 October 2025
        | unemployed since | 1 September 2024 |
      When Matti corrects Eero's entry intake interview held on 20 October 2025, because a slip of the pen
        | unemployed since | 1 September 2023 |
      And Matti corrects Eero's entry entry corrected on 27 October 2025, because the letter says so
        | unemployed since | 1 October 2024 |
      Then Eero's record says
        | unemployed since | 1 October 2024 |
      And as known on 24 October 2025 Eero's record says
        | unemployed since | 1 September 2023 |
      And as known on 14 October 2025 Eero's record says
        | unemployed since | 1 September 2024 |

  Rule: A retraction says that an entry should never have been recorded

    Scenario: A period of work in the wrong journey
      Given this has happened
        | Matti holds the intake interview with Eero on 13 October 2025 | employment: unemployed             |
        |                                                               | unemployed since: 1 September 2024 |
      And Matti records Eero's periods of work on 20 October 2025
        | from            | kind               |
        | 16 October 2025 | open labour market |
      When Matti retracts Eero's entry employment period recorded on 21 October 2025, because it is of another Eero
      Then Eero's record says
        | work | none |
      And as known on 20 October 2025 Eero's record says
        | work | open labour market from 16 October 2025 |
      And Eero's history includes
        | what                       | recorded on     |
        | employment period recorded | 20 October 2025 |
        | entry retracted            | 21 October 2025 |
      And nothing new is recorded where Matti retracts Eero's entry employment period recorded on 21 October 2025, because it is of another Eero
      When Matti retracts Eero's entry entry retracted on 22 October 2025, because it was this Eero after all
      Then Eero's record says
        | work | open labour market from 16 October 2025 |

    Scenario: The interview that never was: deadlines open again and decisions wait for review
      Given this has happened
        | Matti holds the intake interview with Eero on 13 October 2025 | employment: unemployed             |
        |                                                               | unemployed since: 1 September 2024 |
        | Matti assesses Eero's eligibility on 13 October 2025          |                                    |
        | Matti moves Eero on to intake on 13 October 2025              |                                    |
      When Matti retracts Eero's entry intake interview held on 20 October 2025, because he did not come
      Then on 20 October 2025 Eero's deadlines are
        | deadline        | due             | status  |
        | first interview | 16 October 2025 | overdue |
      And these decisions about Eero were in doubt
        | decision             | because of            | waits |
        | eligibility assessed | intake interview held | yes   |
        | phase entered        | intake interview held | yes   |
        | first interview      | intake interview held | yes   |
      And it is refused that Matti corrects Eero's entry intake interview held on 21 October 2025, because he came a day later
        | state   | entry 4 was retracted        |
        | missing | retract the retraction first |
