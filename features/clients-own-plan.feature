Feature: A client who reads and confirms the own plan
  In Askel the client owns the process. Kalle reads his own page, in Finnish, signs his plan himself,
  accepts a service and says what he thinks of it. He sees nobody else, and does not do a case
  worker's work. Who has read his data can be told at any time.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for       | as          |
      | Anja  | TE office | case worker |
      | Riku  | Kuopio    | case worker |
      | Raija | Auditors  | auditor     |
    And these persons are registered on 2 December 2024
      | name  | born           | lives in | language |
      | Kalle | 9 October 1977 | Kuopio   | fi       |
      | Salla | 1 April 1990   | Kuopio   | en       |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                                    |
      | Anja refers Salla to Kuopio by TE office referral on 13 January 2025 |                                    |
      | Riku assesses Kalle's eligibility on 14 January 2025                 | unemployed since: 11 December 2023 |
      | Riku accepts Kalle's referral on 14 January 2025                     |                                    |
      | Riku accepts Salla's referral on 14 January 2025                     |                                    |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                                    |
      | Riku moves Kalle on to intake on 14 January 2025                     |                                    |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed             |
      | Riku defines Kalle's service needs as health on 20 January 2025      |                                    |
    And Riku drafts Kalle's plan on 21 January 2025
      | id     | goal                  | by                | service      |
      | health | The knee is looked at | 28 February 2025  | health check |
      | job    | A job in a warehouse  | 30 September 2025 |              |

  Scenario: Kalle signs his plan, accepts a service, and says what he thinks of it
    Then it is refused that Riku moves Kalle on to training on 21 January 2025
      | missing | The plan is agreed and the client signed it: not met |
    When Kalle opens the caseload on 22 January 2025
    Then the caseload shows this
      | client | programme | phase            | next                | responsible |
      | Kalle  | Askel     | Yhteinen aloitus | Sovittu suunnitelma | riku        |
    When Kalle opens his own page on 22 January 2025
    Then the page says
      | phase            | Yhteinen aloitus                                    |
      | eligible because | Rakennetyötön tai vaarassa jäädä rakennetyöttömäksi |
      |                  | Asuu Kuopiossa                                      |
      | organisation     | Kuopion kaupunki                                    |
      | needs            | Terveyspalvelut                                     |
      | plan             | drafted                                             |
    And the page's plan shows this
      | step   | goal                  | service                    | by                |
      | health | The knee is looked at | Työttömän terveystarkastus | 28 February 2025  |
      | job    | A job in a warehouse  |                            | 30 September 2025 |
    When Kalle confirms his own plan on 22 January 2025
    And Riku opens Kalle's page on 22 January 2025
    Then the page says
      | plan | agreed on 22 January 2025, signed by Kalle |
    When this happens
      | Riku moves Kalle on to training on 22 January 2025                                     |                             |
      | Riku proposes the service health check to Kalle on 23 January 2025                     | provider: social and health |
      | Kalle opens his own page on 24 January 2025                                            |                             |
      | Kalle accepts his own service health check on 24 January 2025                          |                             |
      | Kalle gives feedback on his own way as client by client development on 24 January 2025 | what to keep: One team      |
      | Kalle changes his own contact details on 24 January 2025                               | phone: 040 1234567          |
      | Riku reads Kalle's history on 27 January 2025                                          |                             |
    Then the history shows this among others
      | entry | by    | what                                                                   |
      | 13    | Kalle | Feedback of the client given: The client develops the model, version 1 |
      | 12    | Kalle | Service accepted: Health check for jobseekers                          |
      | 9     | Kalle | Plan agreed, signed by client                                          |

    When Riku opens Kalle's page on 27 January 2025
    And it is tried that Riku gives feedback on Kalle's way as network by client development on 27 January 2025
      | what to keep | One team |
    Then it is refused
      | field   | questionnaire                            |
      | message | client-development is answered by client |

  Scenario: Kalle sees himself alone, and does not do a case worker's work
    When Kalle opens the caseload on 22 January 2025
    Then the caseload says nothing of Salla
    And it is refused that Kalle opens Salla's page on 22 January 2025
      | title | Sinulla ei ole sellaista polkua |
    And it is refused that Kalle opens Salla's particulars on 22 January 2025
      | title | Sinulla ei ole sellaista asiakasta |
    And it is refused that Kalle reads Salla's history on 22 January 2025
      | title | Sinulla ei ole sellaista polkua |
    And it is refused that Kalle looks for Salla in the register on 22 January 2025
      | title | Tämä ei ole sinulle sallittua |
    And it is refused that Kalle moves Kalle on to training on 22 January 2025
      | title | Tämä ei ole sinulle sallittua |
    And it is refused that Salla accepts Kalle's service health check on 22 January 2025
      | title | There is no such journey for you |
    And it is refused that Kalle agrees his own plan, signed by Kalle and Riku on 22 January 2025
      | title | Tämä ei ole sinulle sallittua |
    When it is tried that Kalle gives feedback on his own way as network by network feedback on 22 January 2025
      | was asked in time | 5 |
    Then it is refused
      | title  | Tämä ei ole sinulle sallittua        |
      | detail | Asiakas puhuu vain omasta puolestaan |
    When Kalle asks what can be done for Kalle on 22 January 2025
    Then no other acts are possible than
      | suunnitelmasta sopiminen |
      | palautteen antaminen     |
      | itsearvioinnin antaminen |

  Scenario: Who has read Kalle's data is told
    Given this has happened
      | Riku opens Kalle's page on 22 January 2025     |
      | Riku opens the caseload on 22 January 2025     |
      | Kalle opens his own page on 22 January 2025    |
      | Kalle reads his own history on 22 January 2025 |
    When it is tried that Anja opens Kalle's page on 23 January 2025
    And Raija asks who read Kalle's data on 24 January 2025
    Then the readings show this
      | who   | as          | organisation | for      | what         | client | on              |
      | riku  | case worker | Kuopio       | service  | journey page | Kalle  | 22 January 2025 |
      | riku  | case worker | Kuopio       | service  | caseload     | Kalle  | 22 January 2025 |
      | Kalle | client      | client       | own data | journey page | Kalle  | 22 January 2025 |
      | Kalle | client      | client       | own data | timeline     | Kalle  | 22 January 2025 |
    And it is refused that Riku asks who read Kalle's data on 24 January 2025
      | title | This is not allowed to you |
