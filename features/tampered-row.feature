Feature: A row that was altered behind Polku's back
  Whoever runs the database can get past every lock in it, and alter, take out or put in what Polku
  never recorded. Raija, an auditor, need not believe them: an audit recomputes every entry and
  names the one that is not what was recorded. Where the ledger was rewritten to fit, the
  checkpoint that she keeps tells.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name | for       | as          |
      | Anja | TE office | case worker |
      | Riku | Kuopio    | case worker |
    And these persons are registered on 2 December 2024
      | name  | family name | born           | lives in |
      | Kalle | Savolainen  | 9 October 1977 | Kuopio   |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                        |
      | Riku accepts Kalle's referral on 14 January 2025                     |                        |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                        |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed |
    And Raija keeps a checkpoint of the log

  Scenario: Nobody has touched it
    When Raija has the log audited
    Then the audit finds that all is right, and that the checkpoint fits

  Scenario Outline: What was done to a row is found, and the row is named
    When behind Polku's back <what was done>
    And Raija has the log audited
    Then the audit names Kalle's "<entry>": it was <how>

    Examples:
      | what was done                                                            | entry                 | how       |
      | the day of Kalle's "intake interview held" is made 2025-01-10            | intake interview held | altered   |
      | the person of Kalle's "referral accepted" is made nobody                 | referral accepted     | altered   |
      | what Kalle's "intake interview held" says is made {}                     | intake interview held | altered   |
      | Kalle's "referral accepted" is taken out                                 | referral accepted     | missing   |
      | Kalle's "intake interview held" is taken out                             | intake interview held | truncated |
      | Kalle's "referral made" and "referral accepted" change places            | referral made         | swapped   |
      | another row is put in before Kalle's "case worker assigned"              | case worker assigned  | inserted  |

  Scenario: The ledger is rewritten to fit the altered row
    When behind Polku's back the person of Kalle's "referral accepted" is made nobody
    And behind Polku's back the ledger is rewritten to fit, and its checkpoints are made anew
    And Raija has the log audited without her checkpoint
    Then the audit finds that all is right
    When Raija has the log audited
    Then the audit finds that the checkpoint tells of another history
