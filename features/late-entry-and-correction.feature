Feature: A late entry and a correction, before one's own screen
  Matti of Pieksämäki writes down an interview three weeks late, and another time has to put right what
  he wrote. His page then says what is right; the page of last week can still be opened as it was, and
  every decision that had relied on what was wrong is named until somebody has looked at it again.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name  | for        | as          |
      | Pekka | TE office  | case worker |
      | Matti | Pieksämäki | case worker |
      | Hanna | Pieksämäki | team lead   |
    And these persons are registered on 2 December 2024
      | name | born        | lives in   |
      | Eero | 2 June 1979 | Pieksämäki |
    And this has happened
      | Pekka refers Eero to Pieksämäki by TE office referral on 1 October 2025 | service line: line 1          |
      |                                                                         | existing plan: Looks for work |
      |                                                                         | need definition: Job search   |
      | Matti accepts Eero's referral on 2 October 2025                         |                               |
      | Matti becomes Eero's case worker on 2 October 2025                      |                               |

  Scenario: An interview that was written down late, and a deadline that was met after all
    When Matti opens the caseload on 20 October 2025
    Then the caseload shows this
      | client | next            | due             | days left | overdue |
      | Eero   | First interview | 16 October 2025 | -4        | yes     |
    When Matti opens Eero's page on 20 October 2025
    Then the page's deadlines show this
      | deadline        | due             | days left | status  |
      | First interview | 16 October 2025 | -4        | overdue |
    When Matti holds the intake interview with Eero on 13 October 2025, recorded only on 3 November 2025
      | employment | unemployed |
    And Matti opens the caseload on 3 November 2025
    Then the caseload shows this
      | client | next                        | due             | days left | overdue | last                  | last on         |
      | Eero   | Definition of service needs | 3 November 2025 | 0         | no      | intake interview held | 13 October 2025 |
    When Matti opens Eero's page on 3 November 2025
    Then the page's deadlines show this
      | deadline                    | due             | status | met             |
      | First interview             | 16 October 2025 | met    | 13 October 2025 |
      | Definition of service needs | 3 November 2025 | open   |                 |
    When Matti opens Eero's page as at 20 October 2025 on 4 November 2025
    Then the page says
      | situation | unemployed      |
      | seen from | 20 October 2025 |
    When Matti opens Eero's page as at 20 October 2025, as known on 20 October 2025 on 4 November 2025
    Then the page says
      | situation | nobody asked |
    And the page's deadlines show this
      | deadline        | due             | status  |
      | First interview | 16 October 2025 | overdue |
    When Matti opens Eero's page as at 30 September 2025 on 4 November 2025
    Then the page says
      | programme   | Etelä-Savo fast response |
      | status      | not begun                |
      | responsible | nobody                   |
    When Matti opens Eero's page as known on 20 October 2025 on 4 November 2025
    Then it is the page that Matti saw of Eero on 20 October 2025
    When Matti reads Eero's history on 4 November 2025
    Then the history shows this among others
      | entry | what                              | happened on     | recorded on     |
      | 4     | Intake interview held: unemployed | 13 October 2025 | 3 November 2025 |
    But it is refused that Matti defines Eero's service needs as skills on 6 November 2025, recorded only on 5 November 2025
      | field   | occurred_on                                |
      | message | 2025-11-06 lies ahead of today, 2025-11-05 |

  Scenario: What was wrong is put right, and the decisions that relied on it are looked at again
    Given this has happened
      | Matti holds the intake interview with Eero on 13 October 2025 | employment: unemployed                |
      |                                                               | unemployed since: 1 September 2024    |
      | Matti assesses Eero's eligibility on 13 October 2025          | days unemployed of last 16 months: 43 |
      | Matti moves Eero on to intake on 13 October 2025              |                                       |
      | Matti opens Eero's page on 10 November 2025                   |                                       |
    Then the page says
      | eligible         | yes                         |
      | situation        | unemployed since 2024-09-01 |
      | waits for review | nothing                     |
    When Matti corrects Eero's entry intake interview held on 17 November 2025, because the office says 1 September 2025
      | unemployed since | 1 September 2025 |
    And Matti opens the caseload on 17 November 2025
    Then the caseload shows this
      | client | reviews |
      | Eero   | 2       |
    When Matti opens Eero's page on 17 November 2025
    Then the page says
      | situation        | unemployed since 2025-09-01                                                                               |
      | waits for review | Entry 4 was changed by entry 7: review the decision of entry 5 (eligibility assessed), which relied on it |
      |                  | Entry 4 was changed by entry 7: review the decision of entry 6 (phase entered), which relied on it        |
    When Matti reads Eero's history on 17 November 2025
    Then the history shows this among others
      | entry | what                                               | corrected by |
      | 4     | Intake interview held: unemployed since 2024-09-01 | 7            |
    When Matti opens Eero's page as known on 10 November 2025 on 18 November 2025
    Then it is the page that Matti saw of Eero on 10 November 2025

    When this happens
      | Matti assesses Eero's eligibility on 18 November 2025                                                       | days unemployed of last 16 months: 79 |
      | Hanna reviews Eero's phase entered and does not uphold it on 19 November 2025, because he belongs elsewhere |                                       |
      | Hanna opens Eero's page on 19 November 2025                                                                 |                                       |
    Then the page says
      | eligible         | no      |
      | waits for review | nothing |
    When Hanna opens the caseload on 19 November 2025
    Then the caseload shows this
      | client | reviews |
      | Eero   | 0       |
