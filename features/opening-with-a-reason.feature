Feature: Opening a client's page with a reason
  Jaana of Siilinjärvi has nothing to do with Kalle, until he calls at night and his own case worker
  cannot be reached. She may open his page if she says why, and read it until the next day. She
  does not act. Whoever audits sees it afterwards. An evaluator sees numbers and no person.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name   | for         | as          |
      | Anja   | TE office   | case worker |
      | Riku   | Kuopio      | case worker |
      | Jaana  | Siilinjärvi | case worker |
      | Raija  | Auditors    | auditor     |
      | Juhani | University  | evaluator   |
    And these persons are registered on 2 December 2024
      | name  | family name | born           | lives in |
      | Kalle | Savolainen  | 9 October 1977 | Kuopio   |
      | Salla | Nieminen    | 1 April 1990   | Kuopio   |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                        |
      | Riku accepts Kalle's referral on 14 January 2025                     |                        |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                        |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed |
      | Anja refers Salla to Kuopio by TE office referral on 20 January 2025 |                        |

  Scenario: On duty at night
    When Jaana looks for Savolainen born 9 October 1977 in the register on 5 February 2025
    Then the register shows this
      | client | shown   |
      | Kalle  | nothing |
    And it is refused that Jaana opens Kalle's page on 5 February 2025
      | title | This journey is not in your scope |
    And it is told how to open it with a reason
    And it is refused that Jaana opens Kalle's journey with a reason on 5 February 2025
      | title | Some of what was given cannot be used |
      | field | reason                                |
    When Jaana opens Kalle's journey with a reason on 5 February 2025, because he called about tomorrow's appointment and Riku is on leave
    And Jaana opens Kalle's page on 5 February 2025
    Then the page says
      | responsible | riku of City of Kuopio since 14 January 2025 |
      | situation   | unemployed                                   |
    And it is refused that Jaana defines Kalle's service needs as health on 5 February 2025
      | detail | You have opened this journey to read it |
    And it is refused that Jaana asks TE office to take Kalle over on 5 February 2025, because it may be quicker
      | detail | Ask the responsible organisation to act |
    When Jaana asks what can be done for Kalle on 6 February 2025
    Then no act is possible
    When Jaana reads Kalle's history on 6 February 2025
    Then it is refused that Jaana opens Kalle's page on 7 February 2025
      | title | This journey is not in your scope |
    And it is refused that Jaana opens Salla's page on 5 February 2025, recorded only on 7 February 2025
      | title | This journey is not in your scope |

    When Raija asks who opened journeys with a reason on 10 February 2025
    Then the openings show this
      | who   | organisation | because                                                     | on              | until           |
      | anja  | TE office    | the person came to us                                       | 13 January 2025 | 14 January 2025 |
      | jaana | Siilinjärvi  | he called about tomorrow's appointment and Riku is on leave | 5 February 2025 | 6 February 2025 |
      | anja  | TE office    | the person came to us                                       | 20 January 2025 | 21 January 2025 |
    When Raija asks who read Kalle's data on 10 February 2025
    Then the readings show this
      | who   | organisation | for     | what                       | on               |
      | jaana | Siilinjärvi  | service | client search out of scope | 5 February 2025  |
      | jaana | Siilinjärvi  | service | journey page               | 5 February 2025  |
      | jaana | Siilinjärvi  | service | journey acts               | 6 February 2025  |
      | jaana | Siilinjärvi  | service | timeline                   | 6 February 2025  |
      | raija | auditors     | audit   | audit access               | 10 February 2025 |
    And it is refused that Jaana asks who opened journeys with a reason on 10 February 2025
      | title | This is not allowed to you |

  Scenario: An evaluator sees numbers and no person
    When Juhani looks at the board of the programme askel on 5 February 2025
    Then the board shows this
      | organisation   | standing | clients | overdue |
      | City of Kuopio | referred | 1       | 0       |
      | City of Kuopio | waiting  | 1       | 0       |
    And nowhere in the answer stands "Kalle"
    And it is refused that Juhani opens the caseload on 5 February 2025
      | title | This is not allowed to you |
    And it is refused that Juhani opens Kalle's page on 5 February 2025
      | title | This is not allowed to you |
    And it is refused that Juhani asks what is new on 5 February 2025
      | title | This is not allowed to you |
    And it is refused that Juhani opens Kalle's journey with a reason on 5 February 2025, because research is good
      | title | This is not allowed to you |
    And it is refused that Juhani looks for Savolainen in the register on 5 February 2025
      | title | This is not allowed to you |
