Feature: A handover and back, with no gap in responsibility
  Kalle's case passes from the city of Kuopio to the state employment office and back. On each day one
  person alone answers for him. An organisation that is asked to take over reads his page while it is
  asked; whoever has handed over sees it no longer, unless as a member of his team, and then as far as
  he consents.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for         | as          |
      | Anja  | TE office   | case worker |
      | Riku  | Kuopio      | case worker |
      | Jaana | Siilinjärvi | case worker |
    And these persons are registered on 2 December 2024
      | name  | born           | lives in |
      | Kalle | 9 October 1977 | Kuopio   |
    And this has happened
      | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                                    |
      | Riku accepts Kalle's referral on 14 January 2025                     |                                    |
      | Riku becomes Kalle's case worker on 14 January 2025                  |                                    |
      | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed             |
      |                                                                      | unemployed since: 11 December 2023 |

  Scenario: There and back
    Then it is refused that Anja opens Kalle's page on 7 February 2025
      | title | This journey is not in your scope |
    When Riku asks TE office to take Kalle over on 10 February 2025, because training is bought by the state
      | brief | Knows a warehouse and his knee is well |
    And Anja opens the list of what others share on 10 February 2025
    Then the caseload shows this
      | client | organisation   | responsible | next        | due              |
      | Kalle  | City of Kuopio | riku        | Agreed plan | 17 February 2025 |
    When Anja opens Kalle's page on 10 February 2025
    Then the page says
      | responsible | riku of City of Kuopio since 14 January 2025 |
    And the page's handovers show this
      | to                                    | asked on         | because                         | brief                                  | outcome |
      | State employment office of North Savo | 10 February 2025 | training is bought by the state | Knows a warehouse and his knee is well | waiting |
    And the page's deadlines show this among others
      | deadline             | due              | status | because                                                         |
      | Answer to a handover | 17 February 2025 | open   | Co-operation agreement of Askel, responsibility without a break |
    And it is refused that Anja defines Kalle's service needs as competences on 11 February 2025
      | detail | Accept the handover first |
    And it is refused that Jaana opens Kalle's page on 11 February 2025
      | title | This journey is not in your scope |

    When Anja takes Kalle over on 12 February 2025
    And Anja opens the caseload on 12 February 2025
    Then the caseload shows this
      | client | organisation                          | responsible |
      | Kalle  | State employment office of North Savo | anja        |
    When Riku opens the caseload on 12 February 2025
    Then the caseload shows nothing
    And it is refused that Riku opens Kalle's page on 12 February 2025
      | detail | Ask the responsible organisation for a handover |
    And it is refused that Riku defines Kalle's service needs as health on 12 February 2025
      | title | This is not allowed to you |

    When this happens
      | Anja defines Kalle's service needs as competences on 13 February 2025                                |
      | Anja asks Kuopio to take Kalle over on 26 May 2025, because the precision services are near his home |
      | Riku takes Kalle over on 2 June 2025                                                                 |
      | Riku asks who answered for Kalle on 30 June 2025                                                     |
    Then on each day from 14 January 2025 to 30 June 2025 one alone answered
      | from             | to               | person | organisation |
      | 14 January 2025  | 11 February 2025 | riku   | Kuopio       |
      | 12 February 2025 | 1 June 2025      | anja   | TE office    |
      | 2 June 2025      | 30 June 2025     | riku   | Kuopio       |
    When Riku opens Kalle's page as at 12 February 2025 on 30 June 2025
    Then the page says
      | responsible | anja of State employment office of North Savo since 12 February 2025 |
    And it is refused that Anja opens Kalle's page on 30 June 2025
      | title | This journey is not in your scope |

  Scenario: A handover that is declined, and asked for again
    When Riku asks TE office to take Kalle over on 10 February 2025, because training is bought by the state
    And Anja does not take Kalle over on 11 February 2025, because no course begins before May
    And Riku opens Kalle's page on 11 February 2025
    Then the page says
      | responsible | riku of City of Kuopio since 14 January 2025 |
    And the page's handovers show this
      | to                                    | outcome  | answered on      |
      | State employment office of North Savo | declined | 11 February 2025 |
    And it is refused that Anja opens Kalle's page on 11 February 2025
      | title | This journey is not in your scope |
    When Anja opens the list of what others share on 11 February 2025
    Then the caseload shows nothing
    When Riku asks TE office to take Kalle over on 28 April 2025, because the course begins in May
    And Anja takes Kalle over on 29 April 2025
    And Anja asks who answered for Kalle on 30 April 2025
    Then on each day from 14 January 2025 to 30 April 2025 one alone answered
      | from            | to            | person | organisation |
      | 14 January 2025 | 28 April 2025 | riku   | Kuopio       |
      | 29 April 2025   | 30 April 2025 | anja   | TE office    |

  Scenario: Whoever is in the team goes on seeing the client, and acting
    When this happens
      | Riku joins Kalle's team as municipal contact on 10 February 2025                                    |
      | Kalle lets Kuopio see Kalle's situation on 10 February 2025                                         |
      | Riku asks TE office to take Kalle over on 10 February 2025, because training is bought by the state |
      | Anja takes Kalle over on 12 February 2025                                                           |
      | Riku opens Kalle's page on 13 February 2025                                                         |
    Then the page says
      | responsible | anja of State employment office of North Savo since 12 February 2025 |
      | team        | riku of City of Kuopio                                               |
    When Riku defines Kalle's service needs as health on 13 February 2025
    And Riku opens the list of what others share on 13 February 2025
    Then the caseload shows this
      | client | organisation                          | last                  |
      | Kalle  | State employment office of North Savo | service needs defined |
    When Riku leaves Kalle's team on 14 February 2025
    Then it is refused that Riku opens Kalle's page on 14 February 2025
      | title | This journey is not in your scope |
