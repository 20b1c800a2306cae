Feature: What another rule would have meant
  An evaluator asks what would have happened to the people of Etelä-Savo under another rule. The
  recorded facts are played again under another definition, a file that anybody can write. The answer
  says who would have been let in or not, and sooner or later; and it says what nobody can know.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name  | for        | as          |
      | Pekka | TE office  | case worker |
      | Tiina | Mikkeli    | case worker |
      | Matti | Pieksämäki | case worker |
      | Leena | Savonlinna | case worker |
    And these persons are registered on 2 December 2024
      | name  | born          | lives in   |
      | Venla | 30 July 1990  | Savonlinna |
      | Aino  | 14 March 1985 | Mikkeli    |
      | Onni  | 5 May 1981    | Mikkeli    |
      | Eero  | 2 June 1979   | Pieksämäki |
    And this has happened
      | Pekka refers Venla to Savonlinna by TE office referral on 3 March 2025 | service line: line 1               |
      | Leena assesses Venla's eligibility on 4 March 2025                     | unemployed since: 15 January 2024  |
      | Leena accepts Venla's referral on 4 March 2025                         |                                    |
      | Leena becomes Venla's case worker on 4 March 2025                      |                                    |
      | Leena holds the intake interview with Venla on 14 March 2025           | employment: unemployed             |
      |                                                                        | unemployed since: 15 January 2024  |
      | Pekka refers Aino to Mikkeli by TE office referral on 25 August 2025   | service line: line 2               |
      | Tiina assesses Aino's eligibility on 29 August 2025                    | unemployed since: 14 July 2025     |
      |                                                                        | days unemployed of last 16 months: 47 |
      |                                                                        | finished vocational school: no     |
      | Pekka refers Onni to Mikkeli by TE office referral on 29 August 2025   | service line: line 1               |
      | Tiina assesses Onni's eligibility on 29 August 2025                    | months unemployed: 0               |
      |                                                                        | days unemployed of last 16 months: 0 |
      |                                                                        | finished vocational school: no     |
      |                                                                        | needs more guidance: no            |
      | Pekka refers Eero to Pieksämäki by TE office referral on 8 September 2025 | service line: line 1            |
      | Matti assesses Eero's eligibility on 15 September 2025                 | unemployed since: 20 July 2025     |
      |                                                                        | days unemployed of last 16 months: 58 |
      |                                                                        | finished vocational school: no     |

  Scenario: Under the rule that was really in force, everything comes out as it was recorded
    When Raija asks what if the definition had been as it was
    Then nothing would have been otherwise

  Scenario: What if the first day of unemployment had been the rule from the start
    When Raija asks what if lines of the definition had been otherwise
      | instead of          | it says             |
      | # "For the most     | only: [pieksamaki]  |
      | - from: 2025-09-01  | - from: 2024-12-01  |
    Then this would have been
      | client | organisation | what                                                                                        |
      | Venla  | Savonlinna   | could have been let in from 2024-12-01 on instead of 2025-01-15: 45 days sooner              |
      | Aino   | Mikkeli      | would have been let in, from 2025-07-14 on                                                   |
      | Onni   | Mikkeli      | cannot be told: nobody asked then for unemployed                                             |
    And these would have been counted
      | organisation | journeys | eligible | would be | in | sooner | untold |
      | all          | 4        | 1        | 2        | 1  | 1      | 1      |
      | Mikkeli      | 2        | 0        | 1        | 1  | 0      | 1      |
      | Pieksämäki   | 1        | 0        | 0        | 0  | 0      | 0      |
      | Savonlinna   | 1        | 1        | 1        | 0  | 1      | 0      |
    And what nobody can know is told
      | 1 | verdict cannot be told: nobody asked then for unemployed (1)  |
      | 2 | journeys would have gone otherwise                            |
      |   | who was never referred                                        |

  Scenario: What if Pieksämäki had joined the extension
    When Raija asks what if lines of the definition had been otherwise
      | instead of            | it says |
      | except: [pieksamaki]  |         |
    Then this would have been
      | client | organisation | what                                       |
      | Eero   | Pieksämäki   | would have been let in, from 2025-09-01 on |

  Scenario: What if the first interview had been due within a week
    When Raija asks what if lines of the definition had been otherwise
      | instead of            | it says              |
      | span: 10 working-days | span: 5 working-days |
    Then this would have been
      | client | organisation | what                                                      |
      | Venla  | Savonlinna   | would have missed first-interview/3, due on 2025-03-11    |

  Scenario: Another rule from a day on leaves be what was decided before it
    When Raija asks what if, from 1 September 2025, lines of the definition had been otherwise
      | instead of         | it says            |
      | # "For the most    | only: [pieksamaki] |
      | - from: 2025-09-01 | - from: 2024-12-01 |
    Then nothing would have been otherwise

  Scenario: A correction that came later does not change what was known then
    Given Leena corrects Venla's entry intake interview held on 2 April 2026, because she was told another day
      | unemployed since | 15 January 2025 |
    When Raija asks what if the definition had been as it was
    Then nothing would have been otherwise

  Scenario: A definition that is no good is refused, with the line
    When Raija asks what if lines of the definition had been otherwise
      | instead of          | it says            |
      | - from: 2025-09-01  | - from: 2024-12-01 |
    Then the definition is refused in eligibility[0].versions[1].from, because the version of line 113 begins on the same day
