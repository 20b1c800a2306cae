Feature: A legal hold
  Kalle has appealed against a decision, and the court needs his papers. While the legal hold is in
  force nothing of him is erased, whoever asks; the refusal says which hold it is, and why. When the
  court has decided it is released, and what he asked for is done.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for         | as          |
      | Anja  | TE office   | case worker |
      | Riku  | Kuopio      | case worker |
      | Liisa | Kuopio      | team lead   |
      | Jaana | Siilinjärvi | team lead   |
    And these persons are registered on 2 December 2024
      | name  | family name | born           | lives in |
      | Kalle | Savolainen  | 9 October 1977 | Kuopio   |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025                              |
      | Riku accepts Kalle's referral on 14 January 2025                                                  |
      | Riku becomes Kalle's case worker on 14 January 2025                                               |
      | Riku closes Kalle's journey as ended early into moved away on 30 January 2025, because Kalle moves away |

  Scenario: Held, refused, released, done
    Then it is refused that Riku holds Kalle's data under h-7 by R 25/117 on 3 February 2025, because he has appealed
      | title | This is not allowed to you |
    And it is refused that Jaana holds Kalle's data under h-7 by R 25/117 on 3 February 2025, because he has appealed
      | title | This client is not in your scope |
    When Liisa holds Kalle's data under h-7 by R 25/117 on 3 February 2025, because he has appealed
    Then it is refused that Liisa erases Kalle by gdpr-17-1-b on 4 February 2025
      | state   | the legal hold h-7 is in force (R 25/117: he has appealed) |
      | missing | wait until it is released                                  |
    When Riku looks for Savolainen in the register on 5 February 2025
    Then the register shows this
      | client |
      | Kalle  |
    When Liisa releases Kalle's data from h-7 on 3 March 2025, because the court has decided
    And Liisa erases Kalle by gdpr-17-1-b on 4 March 2025
    Then the certificate says
      | client   | Kalle           |
      | by       | liisa of kuopio |
      | journeys | 1               |
    When Riku looks for Savolainen in the register on 5 March 2025
    Then the register shows nothing
