Feature: A data subject's copy
  Kalle asks for all that is held about him. He gets every entry with both clocks, who recorded it,
  what he has consented to, and who has read it. Another client's data are not in it, and nobody
  gets the copy who does not answer for his service.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for         | as          |
      | Anja  | TE office   | case worker |
      | Riku  | Kuopio      | case worker |
      | Jaana | Siilinjärvi | case worker |
      | Raija | Auditors    | auditor     |
    And these persons are registered on 2 December 2024
      | name  | family name | born           | lives in | language |
      | Kalle | Savolainen  | 9 October 1977 | Kuopio   | en       |
      | Salla | Nieminen    | 1 April 1990   | Kuopio   | en       |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                        |
      | Anja refers Salla to Kuopio by TE office referral on 13 January 2025 |                        |
      | Riku accepts Kalle's referral on 14 January 2025                     |                        |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                        |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed |

  Scenario: All that is held, to whom it is about
    When Riku opens Kalle's page on 20 January 2025
    And Kalle lets TE office see Kalle's plan on 21 January 2025
    And Kalle gets the copy of Kalle's data on 22 January 2025
    Then the copy has these entries among others
      | kind                  | happened on     |
      | client registered     | 2 December 2024 |
      | consent given         | 21 January 2025 |
      | referral made         | 13 January 2025 |
      | intake interview held | 17 January 2025 |
    And the copy has these readings among others
      | who  | what         | on              |
      | riku | journey page | 20 January 2025 |
    And nowhere in the answer stands "Nieminen"
    When Riku gets the copy of Kalle's data on 23 January 2025
    And Raija gets the copy of Kalle's data on 23 January 2025
    Then it is refused that Jaana gets the copy of Kalle's data on 23 January 2025
      | title | This is not allowed to you |
    And it is refused that Anja gets the copy of Kalle's data on 23 January 2025
      | title | This is not allowed to you |
    And it is refused that Salla gets the copy of Kalle's data on 23 January 2025
      | title | There is no such client |
