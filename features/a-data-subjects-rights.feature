Feature: A data subject's three rights
  Kalle asks for a copy of what is held about him, and finds a wrong year in it. It is put right, and
  the copy shows both what was noted and what holds. When his journey has ended, he asks to be
  erased: from then on nobody reads who he was, and a certificate says what was done and what remains.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for         | as          |
      | Anja  | TE office   | case worker |
      | Riku  | Kuopio      | case worker |
      | Liisa | Kuopio      | team lead   |
      | Jaana | Siilinjärvi | team lead   |
    And these persons are registered on 2 December 2024
      | name  | family name | born           | lives in | language |
      | Kalle | Savolainen  | 9 October 1977 | Kuopio   | en       |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                                    |
      | Riku accepts Kalle's referral on 14 January 2025                     |                                    |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                                    |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed             |
      |                                                                      | unemployed since: 11 December 2022 |

  Scenario: A copy, a correction, an erasure
    When Kalle gets the copy of Kalle's data on 20 January 2025
    Then the copy has these entries among others
      | kind                  | happened on     |
      | client registered     | 2 December 2024 |
      | intake interview held | 17 January 2025 |
    And somewhere in the answer stands "2022-12-11"
    And nowhere in the answer stands "2023-12-11"

    When this happens
      | Riku corrects Kalle's entry intake interview held on 21 January 2025, because Kalle says it was a year later | unemployed since: 11 December 2023 |
    And Kalle gets the copy of Kalle's data on 22 January 2025
    Then somewhere in the answer stands "2023-12-11"
    And somewhere in the answer stands "Kalle says it was a year later"

    Then it is refused that Liisa erases Kalle by gdpr-17-1-b on 23 January 2025
      | detail | close them first |
    When Riku closes Kalle's journey as ended early into moved away on 30 January 2025, because Kalle moves away
    Then it is refused that Riku erases Kalle by gdpr-17-1-b on 31 January 2025
      | title | This is not allowed to you |
    When Liisa erases Kalle by gdpr-17-1-b on 31 January 2025
    Then the certificate says
      | client     | Kalle                        |
      | erased     | all                          |
      | decided on | 31 January 2025              |
      | by         | liisa of kuopio              |
      | ground     | gdpr-17-1-b                  |
      | journeys   | 1                            |
      | cleared    | every view and the search    |
      | remains    | under ids that name nobody   |
    When Riku looks for Savolainen in the register on 3 February 2025
    Then the register shows nothing
    When Riku reads Kalle's history on 3 February 2025
    Then nowhere in the answer stands "Kalle says it was a year later"
    And nowhere in the answer stands "Kalle moves away"
