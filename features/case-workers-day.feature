Feature: A case worker's day
  Tiina works for the city of Mikkeli. In the morning she opens her list and sees at once what is due
  and why. On a client's page she sees how things stand, what she can do next, and what is missing
  for the rest. What she writes she finds in her list the same moment.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name  | for       | as          |
      | Pekka | TE office | case worker |
      | Tiina | Mikkeli   | case worker |
      | Leena | Mikkeli   | case worker |
      | Sari  | Mikkeli   | team lead   |
    And these persons are registered on 2 December 2024
      | name  | family name | born           | lives in |
      | Aino  | Mäkinen     | 14 March 1985  | Mikkeli  |
      | Eero  | Virtanen    | 2 June 1979    | Mikkeli  |
      | Venla | Korhonen    | 30 July 2004   | Mikkeli  |
      | Onni  | Laine       | 3 August 1998  | Mikkeli  |
      | Kaisa | Mäkelä      | 21 August 1990 | Mikkeli  |
    And this has happened
      | Pekka refers Aino to Mikkeli by TE office referral on 25 August 2025    | service line: line 1; existing plan: Looks for work |
      |                                                                         | need definition: Help with the search               |
      | Pekka refers Onni to Mikkeli by TE office referral on 25 August 2025    | service line: line 2                                |
      | Tiina assesses Aino's eligibility on 27 August 2025                     | unemployed since: 3 June 2024                       |
      | Tiina accepts Aino's referral on 27 August 2025                         |                                                     |
      | Tiina becomes Aino's case worker on 27 August 2025                      |                                                     |
      | Leena accepts Onni's referral on 29 August 2025                         |                                                     |
      | Leena becomes Onni's case worker on 29 August 2025                      |                                                     |
      | Pekka refers Eero to Mikkeli by TE office referral on 1 September 2025  | service line: line 1                                |
      | Pekka refers Venla to Mikkeli by TE office referral on 1 September 2025 | service line: line 1                                |
      | Tiina accepts Venla's referral on 2 September 2025                      |                                                     |
      | Tiina becomes Venla's case worker on 2 September 2025                   |                                                     |
      | Tiina accepts Eero's referral on 3 September 2025                       |                                                     |
      | Tiina becomes Eero's case worker on 3 September 2025                    |                                                     |
      | Tiina holds the intake interview with Venla on 8 September 2025         | employment: unemployed                              |
      | Tiina asks what is new on 15 September 2025                             |                                                     |

  Scenario: The morning, what is due and why
    When Tiina opens the caseload on 16 September 2025
    Then the caseload shows this
      | client | status | next                        | due               | days left | overdue | responsible |
      | Aino   | open   | First interview             | 10 September 2025 | -6        | yes     | tiina       |
      | Eero   | open   | First interview             | 17 September 2025 | 1         | no      | tiina       |
      | Venla  | open   | Definition of service needs | 29 September 2025 | 13        | no      | tiina       |
    When Tiina opens the caseload of the whole organisation on 16 September 2025
    Then the caseload shows this among others
      | client | next            | due               | overdue | responsible |
      | Aino   | First interview | 10 September 2025 | yes     | tiina       |
      | Onni   | First interview | 12 September 2025 | yes     | leena       |
    When Tiina asks what is due on 16 September 2025
    Then the deadlines show this
      | client | deadline                    | due               | overdue | because                                    |
      | Aino   | First interview             | 10 September 2025 | yes     | Fast response promised by the project plan |
      | Eero   | First interview             | 17 September 2025 | no      | Fast response promised by the project plan |
      | Venla  | Definition of service needs | 29 September 2025 | no      | Fast response promised by the project plan |
    When Tiina gets the calendar on 16 September 2025
    Then the calendar shows this
      | summary                                  | day               | because                                    |
      | First interview: aino-first              | 10 September 2025 | Fast response promised by the project plan |
      | First interview: eero-first              | 17 September 2025 | Fast response promised by the project plan |
      | Definition of service needs: venla-first | 29 September 2025 | Fast response promised by the project plan |
    And nowhere in the answer stands "Virtanen"

  Scenario: From a page to the next acts, each found at once in the list
    When Tiina opens Aino's page on 16 September 2025
    Then the page says
      | client      | Aino                                          |
      | programme   | Etelä-Savo fast response                      |
      | responsible | tiina of City of Mikkeli since 27 August 2025 |
      | phase       | none                                          |
      | situation   | nobody asked                                  |
      | plan        | none                                          |
    And the page's deadlines show this
      | deadline        | due               | days left | status  | because                                    |
      | First interview | 10 September 2025 | -6        | overdue | Fast response promised by the project plan |
    When Tiina asks what can be done for Aino on 16 September 2025
    Then these acts are possible
      | act                   |
      | hold intake interview |
      | enter phase           |
      | move deadline         |
      | request handover      |
    And these acts are not possible, because
      | accept referral            | it has been done already             |
      | agree plan                 | draft a plan first                   |
      | complete competence review | start one first                      |
      | start placement            | no placement was proposed yet        |
      | resume                     | only a paused journey can be resumed |
      | exempt deadline            | Ask somebody whose role it is        |
    And it is refused that Tiina moves Aino on to training on 16 September 2025
      | title   | The act does not fit how things stand |
      | missing | it comes after intake                 |

    When this happens
      | Tiina moves Aino on to intake on 16 September 2025              |                                             |
      | Tiina holds the intake interview with Aino on 16 September 2025 | employment: unemployed                      |
      |                                                                 | unemployed since: 3 June 2024; education: 3 |
      | Tiina opens the caseload on 16 September 2025                   |                                             |
    Then the caseload shows this
      | client | phase                       | next                        | due               | last                  |
      | Eero   |                             | First interview             | 17 September 2025 | case worker assigned  |
      | Venla  |                             | Definition of service needs | 29 September 2025 | intake interview held |
      | Aino   | Interview and service needs | Definition of service needs | 7 October 2025    | intake interview held |

    When Tiina defines Aino's service needs as job search and skills on 16 September 2025
    And Tiina opens the caseload on 16 September 2025
    Then the caseload shows this among others
      | client | next                   | due             | last                  |
      | Aino   | First service proposed | 16 October 2025 | service needs defined |

    When Tiina drafts Aino's plan on 16 September 2025
      | id    | goal                             | by               | service                |
      | skill | A qualification in stock-keeping | 28 November 2025 | labour-market training |
      | job   | A job in a warehouse             | 31 March 2026    |                        |
    And this happens
      | Tiina agrees Aino's plan, signed by Aino and Tiina on 16 September 2025        |                                |
      | Tiina moves Aino on to training on 16 September 2025                           |                                |
      | Tiina proposes the service labour-market training to Aino on 16 September 2025 | provider: schools; step: skill |
      | Tiina opens the caseload on 16 September 2025                                  |                                |
    Then the caseload shows this among others
      | client | phase                  | next               | due              | last             |
      | Aino   | Guidance into services | Review of the plan | 16 December 2025 | service proposed |

    When this happens
      | Tiina records that Aino accepted the service labour-market training on 17 September 2025             |
      | Tiina records that Aino started the service labour-market training on 18 September 2025              |
      | Tiina records that Aino attended labour-market training for 6 hours on 18 September 2025             |
      | Tiina records that Aino was absent from labour-market training on 19 September 2025, because illness |
      | Tiina opens the caseload on 19 September 2025                                                        |
    Then the caseload shows this among others
      | client | phase                  | days | last                | last on           |
      | Aino   | Guidance into services | 3    | attendance recorded | 19 September 2025 |
    When Tiina opens Aino's page on 19 September 2025
    Then the page says
      | needs    | Help with the search for work, Vocational skills    |
      | plan     | agreed on 16 September 2025, signed by Aino, tiina  |
      | services | Labour-market training: started, 6 hours, 1 absence |
    And the page's plan shows this
      | step  | goal                             | service                | by               | status |
      | skill | A qualification in stock-keeping | Labour-market training | 28 November 2025 | ahead  |
      | job   | A job in a warehouse             |                        | 31 March 2026    | ahead  |

  Scenario: What is new since yesterday, and a client who comes in
    When this happens
      | Pekka refers Kaisa to Mikkeli by TE office referral on 15 September 2025                              | service line: line 1   |
      | Sari moves Aino's deadline first interview to 19 September 2025 on 15 September 2025, because illness |                        |
      | Leena holds the intake interview with Onni on 10 September 2025, recorded only on 15 September 2025   | employment: unemployed |
      | Tiina asks what is new on 16 September 2025                                                           |                        |
    Then the news show this
      | client | what                                                                                                                               | by    | happened on       | recorded on       |
      | Kaisa  | Referred by State employment office of South Savo to City of Mikkeli (Referral by the state employment office, First service line) | pekka | 15 September 2025 | 15 September 2025 |
      | Aino   | Deadline moved to 2025-09-19: 'First interview', opened by entry 3: “illness”                                                      | sari  | 15 September 2025 | 15 September 2025 |
      | Onni   | Intake interview held: unemployed                                                                                                  | leena | 10 September 2025 | 15 September 2025 |
    When Tiina opens the caseload on 16 September 2025
    Then the caseload shows this among others
      | client | next            | due               | overdue |
      | Aino   | First interview | 19 September 2025 | no      |
    And the caseload says nothing of Kaisa
    When Tiina opens the caseload of the whole organisation on 16 September 2025
    Then the caseload shows this among others
      | client | status   | next | last          | responsible |
      | Kaisa  | referred |      | referral made |             |
    When this happens
      | Tiina accepts Kaisa's referral on 16 September 2025    |
      | Tiina becomes Kaisa's case worker on 16 September 2025 |
      | Tiina opens the caseload on 16 September 2025          |
    Then the caseload shows this among others
      | client | next            | due               | responsible |
      | Kaisa  | First interview | 30 September 2025 | tiina       |
    When Tiina asks what is new on 16 September 2025
    Then the news show this
      | client | what                                        | by    |
      | Kaisa  | Referral accepted                           | tiina |
      | Kaisa  | tiina of City of Mikkeli became responsible | tiina |
    When Tiina asks what is new on 16 September 2025
    Then the news show nothing

  Scenario: Who waits for somebody to take them
    When this happens
      | Pekka refers Kaisa to Mikkeli by TE office referral on 15 September 2025                   | service line: line 1 |
      | Leena asks TE office to take Onni over on 15 September 2025, because he moves to the coast |                      |
      | Tiina opens the list of who waits to be taken on 16 September 2025                         |                      |
    Then the caseload shows this
      | client | status   | organisation    | responsible | waits for       |
      | Kaisa  | referred | City of Mikkeli |             | City of Mikkeli |
    When Pekka opens the list of who waits to be taken on 16 September 2025
    Then the caseload shows this
      | client | status | organisation    | responsible | waits for                             |
      | Onni   | open   | City of Mikkeli | leena       | State employment office of South Savo |
    When Tiina accepts Kaisa's referral on 16 September 2025
    And Leena opens the list of who waits to be taken on 16 September 2025
    Then the caseload shows this
      | client | status | responsible | waits for       |
      | Kaisa  | open   |             | City of Mikkeli |
    When Leena becomes Kaisa's case worker on 16 September 2025
    And Tiina opens the list of who waits to be taken on 16 September 2025
    Then the caseload shows nothing
    When Pekka takes Onni over on 17 September 2025
    And Pekka opens the list of who waits to be taken on 17 September 2025
    Then the caseload shows nothing
    When Pekka opens the caseload on 17 September 2025
    Then the caseload shows this
      | client | organisation                          | responsible | waits for |
      | Onni   | State employment office of South Savo | pekka       |           |

  Scenario: A name that was heard badly finds the client all the same
    When Tiina looks for makinen ain in the register on 16 September 2025
    Then the register shows this
      | client | shown | born          |
      | Aino   | Aino  | 14 March 1985 |
    When Tiina looks for Virtannen in the register on 16 September 2025
    Then the register shows this
      | client | shown |
      | Eero   | Eero  |
