Feature: One person in the register twice
  Kalle was registered in Kuopio, and once more under the name in his passport, Kaarlo. When it is
  found out, a team lead merges the two records: whoever looks for either finds one person, with both
  journeys, and nothing of either is changed. If it proves wrong, they are split again, and each has
  what was the own one's; what was done since stays where it was done.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for         | as          |
      | Anja  | TE office   | case worker |
      | Riku  | Kuopio      | case worker |
      | Liisa | Kuopio      | team lead   |
      | Jaana | Siilinjärvi | team lead   |
    And these persons are registered on 2 December 2024
      | name   | family name | born           | lives in | language |
      | Kalle  | Savolainen  | 9 October 1977 | Kuopio   | en       |
      | Kaarlo | Savolainen  | 9 October 1977 | Kuopio   | en       |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025  |
      | Riku accepts Kalle's referral on 14 January 2025                      |
      | Riku becomes Kalle's case worker on 14 January 2025                   |
      | Anja refers Kaarlo to Kuopio by TE office referral on 15 January 2025 |
      | Riku accepts Kaarlo's referral on 16 January 2025                     |

  Scenario: Merged, worked on, and split again
    When Riku looks for Savolainen in the register on 20 January 2025
    Then the register shows this
      | client |
      | Kaarlo |
      | Kalle  |
    And it is refused that Riku merges Kaarlo into Kalle by gdpr-5-1-d on 20 January 2025, because the passport shows it
      | title | This is not allowed to you |
    And it is refused that Jaana merges Kaarlo into Kalle by gdpr-5-1-d on 20 January 2025, because the passport shows it
      | title | This client is not in your scope |
    When Liisa merges Kaarlo into Kalle by gdpr-5-1-d on 20 January 2025, because the passport shows it
    And Riku looks for Kaarlo in the register on 20 January 2025
    Then the register shows this
      | client |
      | Kalle  |
    When Riku opens Kaarlo's particulars on 21 January 2025
    Then the particulars say
      | goes by   | Kalle         |
      | asked for | Kaarlo        |
      | also      | Kaarlo        |
      | journeys  | Kaarlo; Kalle |
      | alike     | nobody        |
    When Kalle gets the copy of Kaarlo's data on 22 January 2025
    Then the copy has these entries among others
      | kind              | happened on     |
      | client registered | 2 December 2024 |
      | clients merged    | 20 January 2025 |
    And somewhere in the answer stands "Kaarlo"
    When Riku changes Kalle's contact details on 23 January 2025
      | phone | 040 1234567 |
    And Riku opens Kaarlo's particulars on 23 January 2025
    Then somewhere in the answer stands "040 1234567"

    When Liisa splits Kaarlo from Kalle by gdpr-5-1-d on 3 February 2025, because they are cousins after all
    And Riku looks for Savolainen in the register on 3 February 2025
    Then the register shows this
      | client |
      | Kaarlo |
      | Kalle  |
    When Riku opens Kaarlo's particulars on 3 February 2025
    Then the particulars say
      | goes by   | Kaarlo |
      | asked for | Kaarlo |
      | also      | nobody |
      | journeys  | Kaarlo |
      | alike     | Kalle  |
    And nowhere in the answer stands "040 1234567"
    And it is refused that Kalle gets the copy of Kaarlo's data on 4 February 2025
      | title | There is no such client for you |

  Scenario: What is held is left as it is
    When Liisa holds Kaarlo's data under h-7 by R 25/117 on 20 January 2025, because he has appealed
    Then it is refused that Liisa merges Kaarlo into Kalle by gdpr-5-1-d on 21 January 2025, because the passport shows it
      | state   | the legal hold h-7 is in force (R 25/117: he has appealed) |
      | missing | wait until it is released                                  |
    When Liisa releases Kaarlo's data from h-7 on 3 March 2025, because the court has decided
    And Liisa merges Kaarlo into Kalle by gdpr-5-1-d on 4 March 2025, because the passport shows it
    And Riku looks for Kaarlo in the register on 4 March 2025
    Then the register shows this
      | client |
      | Kalle  |
