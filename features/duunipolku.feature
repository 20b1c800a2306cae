Feature: Duunipolku, several cities and schools with one common evaluation
  Five cities and three universities of applied sciences find out what people can do, what they need
  to learn, and what support they need between education and working life. Students in the last
  phase of their studies are clients too. What employers need is recorded and met jointly. Each
  organisation has its own sub-project and targets; results are counted across all of them.

  Background:
    Given the programme duunipolku is published on 1 December 2024
    And these people work together
      | name  | for        | as              |
      | Noora | Metropolia | coach           |
      | Juha  | Helsinki   | coach           |
      | Tarja | Helsinki   | service manager |
      | Pia   | Tampere    | coach           |
      | Ville | Oulu       | coach           |
      | Eija  | Kone Oy    | employer        |
    And these persons are registered on 2 December 2024
      | name   | born             | lives in |
      | Ella   | 17 February 2002 | Helsinki |
      | Onni   | 3 August 1998    | Helsinki |
      | Liisa  | 20 May 1981      | Tampere  |
      | Mikael | 9 September 1999 | Tampere  |
      | Sofia  | 28 March 2000    | Oulu     |

  Scenario: A student in the last phase, from the school to a follow-up path
    When Noora refers Ella to Metropolia by school on 13 January 2025
    And Noora assesses Ella's eligibility on 13 January 2025
      | student in last phase | yes |
    Then Ella is eligible, because
      | id           | title                                                         | outcome | basis                                    |
      | client group | Unemployed, threatened by it, or in the last phase of studies | met     | Project plan of Duunipolku, client group |
    When this happens
      | Noora accepts Ella's referral on 13 January 2025                                            |                            |
      | Noora becomes Ella's case worker on 13 January 2025                                         |                            |
      | Noora moves Ella on to intake on 13 January 2025                                            |                            |
      | Noora holds the intake interview with Ella on 20 January 2025                               | employment: student        |
      |                                                                                             | education: 3               |
      |                                                                                             | languages: fi, en          |
      |                                                                                             | student in last phase: yes |
      | Noora defines Ella's service needs as transition and employer contacts on 20 January 2025   |                            |
      | Noora moves Ella on to competence review on 21 January 2025                                 |                            |
      | Noora starts Ella's competence review by competence portfolio with Noora on 21 January 2025 |                            |
    And Ella hands in her own answers to competence self-assessment on 27 January 2025
      | what I can           | Test programs      |
      | what I want to learn | Machines that move |
      | score of confidence  | 3.5                |
    And Noora records Ella's competences on 3 February 2025
      | concept           | level     | evidence                     |
      | teamwork          | strong    | Led a student project        |
      | digital skills    | strong    | Course results               |
      | job search skills | beginning | Never written an application |
    And Noora completes Ella's competence review on 10 February 2025
      | strengths         | Patient with machines; Works well with others |
      | development needs | Applications; Contacts with firms             |
    Then it is refused that Noora moves Ella on to training on 11 February 2025
      | missing | A plan is agreed with the client: not met (Project plan of Duunipolku, clients take an active part) [plan] |
    When Noora drafts Ella's plan on 12 February 2025
      | id     | goal                         | by            | service               |
      | clinic | An application that is read  | 31 March 2025 | student career clinic |
      | lab    | A project with a firm        | 16 May 2025   | work-life lab         |
      | job    | A job before the studies end | 30 June 2025  | employer matching     |
    And Noora agrees Ella's plan, signed by Ella and Noora on 14 February 2025
    And this happens
      | Noora moves Ella on to training on 17 February 2025                                                            |                                      |
      | Noora proposes the service student career clinic to Ella on 17 February 2025                                   | step: clinic                         |
      | Noora records that Ella accepted the service student career clinic on 18 February 2025                         |                                      |
      | Noora records that Ella started the service student career clinic on 24 February 2025                          |                                      |
      | Noora records that Ella completed the service student career clinic with the result completed on 14 March 2025 | hours: 12                            |
      | Noora records that Ella reached the step clinic on 14 March 2025                                               |                                      |
      | Noora takes Ella into the service work-life lab on 17 March 2025                                               | provider: Kone Oy                    |
      | Noora records that Ella completed the service work-life lab with the result completed on 16 May 2025           | hours: 120                           |
      | Noora records that Ella reached the step lab on 16 May 2025                                                    |                                      |
      | Noora moves Ella on to placement on 19 May 2025                                                                |                                      |
      | Noora takes Ella into the service employer matching on 19 May 2025                                             |                                      |
      | Noora proposes a placement with Kone Oy to Ella as open labour market on 19 May 2025                           | hours per week: 37.5                 |
      | Noora agrees Ella's placement with Kone Oy, signed by Ella, Noora and Eija on 23 May 2025                      |                                      |
      | Noora records that Ella began with Kone Oy on 2 June 2025                                                      |                                      |
      | Noora records that Ella completed the service employer matching with the result placed on 2 June 2025          |                                      |
      | Noora records that Ella reached the step job on 2 June 2025                                                    |                                      |
      | Noora moves Ella on to follow-up on 2 June 2025                                                                |                                      |
      | Ella gives feedback on her own way as client by client feedback on 6 June 2025                                 | was heard: 5                         |
      |                                                                                                                | what to change: Begin a year earlier |
      | Eija gives feedback on Ella's way as employer by employer feedback on 9 June 2025                              | found the right person: 5            |
      | Noora holds a follow-up with Ella on 1 July 2025                                                               | status: employed; point: one month   |
    And Noora records Ella's periods of work on 1 July 2025
      | from        | kind               |
      | 2 June 2025 | open labour market |
    And Noora closes Ella's journey as completed into employment on 5 December 2025
    Then Ella's record says
      | phases           | intake since 13 January 2025                                                         |
      |                  | competence review since 21 January 2025                                              |
      |                  | training since 17 February 2025                                                      |
      |                  | placement since 19 May 2025                                                          |
      |                  | follow-up since 2 June 2025                                                          |
      | employment       | student                                                                              |
      | needs            | transition, employer contacts                                                        |
      | review           | competence portfolio with Noora since 21 January 2025, completed on 10 February 2025 |
      | competences      | digital skills strong                                                                |
      |                  | job search skills beginning                                                          |
      |                  | teamwork strong                                                                      |
      | self-assessments | competence self-assessment                                                           |
      | services         | student career clinic completed, 12 hours                                            |
      |                  | work-life lab completed, 120 hours                                                   |
      |                  | employer matching completed                                                          |
      | placements       | open labour market with Kone Oy started                                              |
      | feedback         | client by client feedback; employer by employer feedback                             |
      | end              | completed into employment on 5 December 2025                                         |
    And on 5 December 2025 Ella's plan stands like this
      | step   | by            | status  | actual        | days late |
      | clinic | 31 March 2025 | reached | 14 March 2025 | -17       |
      | lab    | 16 May 2025   | reached | 16 May 2025   | 0         |
      | job    | 30 June 2025  | reached | 2 June 2025   | -28       |
    And on 5 December 2025 Ella's deadlines include
      | deadline          | opened           | due             | status   | met              |
      | first interview   | 13 January 2025  | 3 February 2025 | met      | 20 January 2025  |
      | competence review | 20 January 2025  | 20 March 2025   | met      | 10 February 2025 |
      | plan              | 10 February 2025 | 10 March 2025   | met      | 14 February 2025 |
      | client feedback   | 14 March 2025    | 28 March 2025   | met late | 6 June 2025      |
      | client feedback   | 2 June 2025      | 16 June 2025    | met      | 6 June 2025      |
      | one month         | 2 June 2025      | 2 July 2025     | met      | 1 July 2025      |
    And as at 1 March 2025, as known on 1 March 2025, Ella's record says
      | phase    | training                      |
      | services | student career clinic started |

  Rule: Unemployment is to be prevented, not only ended

    Scenario: Who is a client, and who is not
      Given this has happened
        | Juha refers Onni to Helsinki by employment services on 3 March 2025 |                                 |
        | Juha assesses Onni's eligibility on 3 March 2025                    | unemployed: no                  |
        |                                                                     | threatened by unemployment: yes |
      Then Onni is eligible
      And Onni's verdict used these facts
        | fact                       | value | source |
        | threatened by unemployment | yes   |        |
      Given this has happened
        | Pia refers Liisa to Tampere by own contact on 4 March 2025 |                                |
        | Pia assesses Liisa's eligibility on 4 March 2025           | unemployed: no                 |
        |                                                            | threatened by unemployment: no |
        |                                                            | student in last phase: no      |
      Then Liisa is not eligible, because
        | id           | outcome | reason                                                                                                            |
        | client group | not met | Unemployed, threatened by it, or in the last phase of studies: not met (Project plan of Duunipolku, client group) |
      And it is refused that Pia moves Liisa on to intake on 5 March 2025
        | state   | the journey is referred   |
        | missing | accept the referral first |

    Scenario: The competences come before the training, unless a service manager sets that aside
      Given this has happened
        | Juha refers Onni to Helsinki by employment services on 3 March 2025 |                        |
        | Juha assesses Onni's eligibility on 3 March 2025                    | unemployed: yes        |
        | Juha accepts Onni's referral on 3 March 2025                        |                        |
        | Juha becomes Onni's case worker on 3 March 2025                     |                        |
        | Juha moves Onni on to intake on 3 March 2025                        |                        |
        | Juha holds the intake interview with Onni on 10 March 2025          | employment: unemployed |
        | Juha moves Onni on to competence review on 10 March 2025            |                        |
        | Juha defines Onni's service needs as competences on 10 March 2025   |                        |
      Then it is refused that Juha moves Onni on to placement on 11 March 2025
        | missing | The competence review is completed: not met |
      And it is refused that Juha moves Onni on to placement without competences known and plan on 11 March 2025, because a job is waiting
        | act     | override a requirement                |
        | missing | senior-case-worker or service-manager |
      And it is refused that Tarja moves Onni on to placement without competences known on 11 March 2025, because a job is waiting
        | missing | A plan is agreed: not met |
      When Tarja moves Onni on to placement without competences known and plan on 11 March 2025, because a job is waiting
      Then Onni's record says
        | phase | placement |

  Rule: Employers' needs are recorded, acute and long-term, and met jointly

    Scenario: Two openings, filled by a school and by a city
      Given Project registers these organisations on 2 January 2025
        | code    | name    | kind     |
        | Kone Oy | Kone Oy | employer |
      And this has happened
        | Noora refers Ella to Metropolia by school on 13 January 2025           |
        | Juha refers Onni to Helsinki by employment services on 13 January 2025 |
        | Noora accepts Ella's referral on 13 January 2025                       |
        | Juha accepts Onni's referral on 13 January 2025                        |
      When Eija publishes the need testers 2025 of Kone Oy on 3 February 2025
        | occupation  | Tester of control systems |
        | competences | digital skills, teamwork  |
        | openings    | 2                         |
        | kind        | acute                     |
        | by          | 30 June 2025              |
      And Eija publishes the need fitters 2028 of Kone Oy on 3 February 2025
        | occupation | Fitter of lifts  |
        | openings   | 12               |
        | kind       | long-term        |
        | by         | 31 December 2028 |
      And Eija gives feedback on Ella's way as employer by employer needs on 3 February 2025
        | what we shall need in three years | Fitters who read drawings on a screen |
      And Noora fills the need testers 2025 of Kone Oy with Ella on 2 June 2025
      Then the needs of Kone Oy stand like this
        | need         | occupation                | kind      | openings | open |
        | testers 2025 | Tester of control systems | acute     | 2        | 1    |
        | fitters 2028 | Fitter of lifts           | long-term | 12       | 12   |
      When Juha fills the need testers 2025 of Kone Oy with Onni on 9 June 2025
      Then nothing new is recorded where Juha fills the need testers 2025 of Kone Oy with Onni on 9 June 2025
      When Eija withdraws the need fitters 2028 of Kone Oy on 1 September 2025, because the works are sold
      Then the needs of Kone Oy stand like this
        | need         | occupation                | kind      | openings | open |
        | testers 2025 | Tester of control systems | acute     | 2        | 0    |
        | fitters 2028 | Fitter of lifts           | long-term | 12       | 0    |

  Rule: Each organisation has its own targets, and results are counted across all of them

    Scenario: At least half find a follow-up path
      Given this has happened
        | Noora refers Ella to Metropolia by school on 13 January 2025                        |                                 |
        | Juha refers Onni to Helsinki by employment services on 13 January 2025              |                                 |
        | Pia refers Liisa to Tampere by own contact on 13 January 2025                       |                                 |
        | Pia refers Mikael to Tampere by youth work on 13 January 2025                       |                                 |
        | Ville refers Sofia to Oulu by employment services on 13 January 2025                |                                 |
        | Noora accepts Ella's referral on 14 January 2025                                    |                                 |
        | Juha accepts Onni's referral on 14 January 2025                                     |                                 |
        | Pia accepts Liisa's referral on 14 January 2025                                     |                                 |
        | Pia accepts Mikael's referral on 14 January 2025                                    |                                 |
        | Ville accepts Sofia's referral on 14 January 2025                                   |                                 |
        | Noora holds the intake interview with Ella on 15 January 2025                       | employment: student             |
        |                                                                                     | threatened by unemployment: yes |
        | Juha holds the intake interview with Onni on 15 January 2025                        | employment: unemployed          |
        | Pia holds the intake interview with Liisa on 15 January 2025                        | employment: unemployed          |
        | Pia holds the intake interview with Mikael on 15 January 2025                       | employment: unemployed          |
        | Ella gives feedback on her own way as client by client feedback on 2 June 2025      | was heard: 4                    |
        | Noora closes Ella's journey as completed into employment on 2 June 2025             |                                 |
        | Juha closes Onni's journey as completed into education or training on 4 August 2025 |                                 |
        | Pia closes Liisa's journey as completed into unemployed on 1 September 2025         |                                 |
        | Pia closes Mikael's journey as ended early into moved away on 1 September 2025      |                                 |
      Then the journeys of the programme stand like this
        | organisation | waiting | closed |
        | Metropolia   | 0       | 1      |
        | Helsinki     | 0       | 1      |
        | Tampere      | 0       | 2      |
        | Oulu         | 1       | 0      |
      And the programme's targets stand like this
        | target             | organisation | wanted | reached | counted | met |
        | clients            |              | 870    | 5       | 5       | no  |
        | clients-tampere    | Tampere      | 150    | 2       | 2       | no  |
        | clients-metropolia | Metropolia   | 80     | 1       | 1       | no  |
        | clients-espoo      | Espoo        | 110    | 0       | 0       | no  |
        | young              |              | 0.64   | 0.75    | 4       | yes |
        | follow-up path     |              | 0.5    | 0.5     | 4       | yes |
        | feedback           |              | 0.5    | 0.25    | 4       | no  |

    Scenario: An organisation joins, sets a target of its own, and leaves
      Given Project lets these organisations join the programme on 2 December 2024
        | Tampere    |
        | Metropolia |
      When Project sets these targets on 3 December 2024
        | target              | measure | organisation | value |
        | students-metropolia | clients | Metropolia   | 40    |
      Then it is refused that Project lets Espoo leave the programme on 4 December 2024, because its council says so
        | state   | espoo does not take part in the programme |
        | missing | record first that espoo joined            |
      When Project lets Tampere leave the programme on 31 December 2025, because the funding ends
      Then nothing new is recorded where Project lets Tampere leave the programme on 31 December 2025, because the funding ends

    Scenario: Eight sub-projects and one evaluation framework
      Then the organisations of the programme are
        | code        | roles                     |
        | Tampere     | sub-project, municipality |
        | Espoo       | sub-project, municipality |
        | Turku       | sub-project, municipality |
        | Oulu        | sub-project, municipality |
        | Helsinki    | sub-project, municipality |
        | tampere-uas | sub-project, school       |
        | turku-uas   | sub-project, school       |
        | Metropolia  | sub-project, school       |
      And the monitoring of the programme is
        | code                  | title                                         |
        | self-assessment       | Internal self-assessment by each organisation |
        | joint self-assessment | Joint self-assessment                         |
        | sub-project report    | Reports of the sub-projects                   |
        | peer evaluation       | Peer evaluation between organisations         |
        | common framework      | Common evaluation framework                   |
      And the questionnaires of the programme are
        | code                         | respondents    |
        | competence self-assessment   | client         |
        | client feedback              | client         |
        | employer feedback            | employer       |
        | employer needs               | employer       |
        | organisation self-assessment | staff          |
        | joint self-assessment        | staff          |
        | peer evaluation              | staff, network |
