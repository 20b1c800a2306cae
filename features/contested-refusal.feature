Feature: An audit of a contested refusal
  Eero was refused because his case worker had noted the wrong year. It was put right a month later,
  and Eero asks why he was ever refused. Raija, who audits, shows what was known when he was, by which
  rule, and that what is known today would decide otherwise.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name  | for        | as          |
      | Pekka | TE office  | case worker |
      | Matti | Pieksämäki | case worker |
      | Raija | Auditors   | auditor     |
    And these persons are registered on 2 December 2024
      | name | born        | lives in   |
      | Eero | 2 June 1979 | Pieksämäki |
    And this has happened
      | Pekka refers Eero to Pieksämäki by TE office referral on 1 October 2025 | service line: line 1                  |
      |                                                                         | existing plan: Looks for work         |
      |                                                                         | need definition: Job search           |
      | Matti accepts Eero's referral on 2 October 2025                         |                                       |
      | Matti becomes Eero's case worker on 2 October 2025                      |                                       |
      | Matti holds the intake interview with Eero on 13 October 2025           | employment: unemployed                |
      |                                                                         | unemployed since: 1 September 2025    |
      | Matti assesses Eero's eligibility on 13 October 2025                    | days unemployed of last 16 months: 43 |

  Scenario: The refusal as it was made, before anything was put right
    When Raija asks how Eero's case was decided on 20 October 2025
    Then the decisions show this
      | entry | kind                 | yes | known      | rules then   | facts from | with todays knowledge |
      | 5     | eligibility assessed | no  | 1, 2, 3, 4 | not-met, met | 1, 4       | would decide the same |

  Scenario: What is known today would decide otherwise
    When Matti corrects Eero's entry intake interview held on 17 November 2025, because the letter says 1 September 2024
      | unemployed since | 1 September 2024 |
    And Raija asks how Eero's case was decided on 1 December 2025
    Then the decisions show this
      | entry | kind                 | yes | known      | rules then   | facts from | with todays knowledge          | with todays rule      |
      | 5     | eligibility assessed | no  | 1, 2, 3, 4 | not-met, met | 1, 4       | would find the client eligible | would decide the same |
    When Raija asks what was put right of Eero's on 1 December 2025
    Then the corrections show this
      | entry | of | field                      | was        | is         | because                          | by    | leaned on it                  |
      | 6     | 4  | situation.unemployed_since | 2025-09-01 | 2024-09-01 | the letter says 1 September 2024 | matti | eligibility assessed: waiting |
    When Matti assesses Eero's eligibility on 2 December 2025
      | days unemployed of last 16 months | 43 |
    And Raija asks what was put right of Eero's on 3 December 2025
    Then the corrections show this
      | entry | leaned on it                       |
      | 6     | eligibility assessed: decided anew |
    But it is refused that Matti asks how Eero's case was decided on 3 December 2025
      | title | This is not allowed to you |
    When Raija asks who read Eero's data on 4 December 2025
    Then the readings show this
      | who   | for   | what              | on              |
      | raija | audit | audit decisions   | 1 December 2025 |
      | raija | audit | audit corrections | 1 December 2025 |
      | raija | audit | audit corrections | 3 December 2025 |
