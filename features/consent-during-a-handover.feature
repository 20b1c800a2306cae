Feature: A consent withdrawn while a handover is under way
  Kuopio asks the TE office to take Kalle over. While it is asked, Anja of the TE office sees who he
  is and how his journey goes on, for that she needs to answer; more only as far as Kalle consents.
  He lets her see his plan, and takes it back before she has answered: from that moment she sees it
  no more. Once she has taken him over, her office answers for him and sees the whole. What she was
  shown, and on which ground, he can read himself.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name | for       | as          |
      | Anja | TE office | case worker |
      | Riku | Kuopio    | case worker |
    And these persons are registered on 2 December 2024
      | name  | born           | lives in | language |
      | Kalle | 9 October 1977 | Kuopio   | en       |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                                    |
      | Riku accepts Kalle's referral on 14 January 2025                     |                                    |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                                    |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed             |
      |                                                                      | unemployed since: 11 December 2023 |
    And Riku drafts Kalle's plan on 21 January 2025
      | id  | goal                 | by                |
      | job | A job in a warehouse | 30 September 2025 |

  Scenario: He lets her see his plan, and takes it back
    When Riku asks TE office to take Kalle over on 10 February 2025, because training is bought by the state
    And Anja opens Kalle's page on 10 February 2025
    Then the page says
      | responsible | riku of City of Kuopio since 14 January 2025 |
      | withheld    | contact; situation; competences              |
      |             | plan; services; placements; follow-up        |
    And nowhere in the answer stands "warehouse"
    When Anja reads Kalle's history on 10 February 2025
    Then nowhere in the answer stands "warehouse"
    And it is refused that Anja lets TE office see Kalle's plan on 10 February 2025
      | title | This is not allowed to you |

    When Kalle lets TE office see Kalle's plan on 11 February 2025
    And Anja opens Kalle's page on 11 February 2025
    Then the page's plan shows this
      | goal                 |
      | A job in a warehouse |
    When Kalle takes back what TE office may see of Kalle on 12 February 2025
    And Anja opens Kalle's page on 12 February 2025
    Then nowhere in the answer stands "warehouse"

    When Anja takes Kalle over on 13 February 2025
    And Anja opens Kalle's page on 13 February 2025
    Then the page says
      | withheld |  |
    And the page's plan shows this
      | goal                 |
      | A job in a warehouse |
    And it is refused that Riku opens Kalle's page on 13 February 2025
      | title | This journey is not in your scope |

    When Kalle asks who used Kalle's data on 14 February 2025
    Then the uses show this among others
      | who  | what         | on               | ground                                                                                                    | left                   |
      | anja | journey page | 10 February 2025 | The organisation was asked to take over the responsibility for you                                        | identity; course       |
      | anja | timeline     | 10 February 2025 | The organisation was asked to take over the responsibility for you                                        | course                 |
      | anja | journey page | 11 February 2025 | The organisation was asked to take over the responsibility for you, and you consented to what it saw beside | identity; course; plan |
      | anja | journey page | 12 February 2025 | The organisation was asked to take over the responsibility for you                                        | identity; course       |
      | anja | journey page | 13 February 2025 | The organisation answers for your service                                                                 |                        |
