Feature: Two workers on one client
  Juha and Tarja of the city of Helsinki both work with Onni. Whoever acts on a page that is no longer
  how things stand is told what changed meanwhile, and nothing is lost or written over. Whoever gets
  no answer, as the line broke, sends the same again: it counts once.

  Background:
    Given the programme duunipolku is published on 1 December 2024
    And these people work together
      | name  | for      | as        | speaks  |
      | Juha  | Helsinki | coach     | English |
      | Tarja | Helsinki | team lead | Finnish |
    And these persons are registered on 2 December 2024
      | name | born          | lives in |
      | Onni | 3 August 1998 | Helsinki |
    And this has happened
      | Juha refers Onni to Helsinki by employment services on 3 March 2025 |                        |
      | Juha accepts Onni's referral on 3 March 2025                        |                        |
      | Juha becomes Onni's case worker on 3 March 2025                     |                        |
      | Juha holds the intake interview with Onni on 10 March 2025          | employment: unemployed |

  Scenario: Both read, one writes, the other is told what changed
    Given this has happened
      | Juha opens Onni's page on 11 March 2025  |
      | Tarja opens Onni's page on 11 March 2025 |
    When Juha defines Onni's service needs as competences on 11 March 2025
    Then it is refused that Tarja defines Onni's service needs as wellbeing on 11 March 2025
      | title  | Tieto on muuttunut sen jälkeen, kun katsoit             |
      | detail | lue ensin, mitä on muuttunut, ja päätä sitten uudelleen |
    And it is told what changed meanwhile
      | entry | what                                | by   | organisation       |
      | 5     | Palvelutarve: Kehitettävä osaaminen | juha | Helsingin kaupunki |
    When Tarja opens Onni's page on 11 March 2025
    Then the page says
      | needs | Kehitettävä osaaminen |
    When Tarja defines Onni's service needs as competences and wellbeing on 11 March 2025
    And Juha reads Onni's history on 11 March 2025
    Then the history shows this among others
      | entry | what                                                 | by    |
      | 6     | Service needs: Competences to develop and Well-being | tarja |
      | 5     | Service needs: Competences to develop                | juha  |
    And it is refused that Juha defines Onni's service needs as transition on 11 March 2025
      | title  | It changed since you looked                |
      | detail | read what changed since, then decide again |
    And it is told what changed meanwhile
      | entry | what                                                 | by    |
      | 6     | Service needs: Competences to develop and Well-being | tarja |

  Scenario: The line breaks, and the same is sent again
    Given Juha opens Onni's page on 11 March 2025
    When Juha records Onni's periods of unemployment on 11 March 2025
      | from           | kind         |
      | 1 October 2024 | without work |
    And Juha gets no answer, and sends the same again
    And Tarja defines Onni's service needs as competences on 12 March 2025
    And Juha gets no answer, and sends the same again
    And Juha reads Onni's history on 12 March 2025
    Then the history shows this
      | entry | what                                                                                            | by    |
      | 6     | Service needs: Competences to develop                                                           | tarja |
      | 5     | Unemployed from 2024-10-01 and still so (without work)                                          | juha  |
      | 4     | Intake interview held: unemployed                                                               | juha  |
      | 3     | juha of City of Helsinki became responsible                                                     | juha  |
      | 2     | Referral accepted                                                                               | juha  |
      | 1     | Referred by City of Helsinki to City of Helsinki (Employment services of the city or the state) | juha  |
