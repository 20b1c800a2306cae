Feature: ALI, one desk, one team, one personal project
  In the province of Belluno a disadvantaged person of any kind can come to any desk: the service is
  one. A team of several partners is formed for the case. A bilancio di competenze, in which prior
  competences are recovered, is the base of a personal project that the person signs and owns. It
  leads through laboratories and learning on the job to a placement with a grant, advice to the firm,
  and accompaniment after the start.

  Background:
    Given the programme ali is published on 1 December 2024
    And these people work together
      | name   | for                   | as                  |
      | Elena  | desk Agordo           | case manager        |
      | Paolo  | desk Feltre           | case manager        |
      | Chiara | training body         | guidance counsellor |
      | Marco  | health unit           | educator            |
      | Bruno  | social co-operatives  | tutor               |
      | Rita   | employers association | adviser             |
      | Fausto | Occhiali Dolomiti     | employer            |
    And these persons are registered on 2 December 2024
      | name   | born            | lives in |
      | Lucia  | 11 January 1988 | Agordo   |
      | Davide | 5 May 1970      | Feltre   |

  Scenario: From the desk to work, and on from there
    When Elena refers Lucia to desk Agordo by desk on 3 February 2025
    And Elena assesses Lucia's eligibility on 3 February 2025
      | disadvantages | mental health, long unemployment |
    Then Lucia is eligible, because
      | id           | title                                   | outcome | basis                                                             |
      | disadvantage | A disadvantage of the common dictionary | met     | Partnership agreement of ALI (EQUAL, second phase), beneficiaries |
      | working age  | Old enough to work                      | met     | Italian law on the minimum age for work                           |
    When this happens
      | Elena accepts Lucia's referral on 3 February 2025                                           |                                                 |
      | Elena becomes Lucia's case worker on 3 February 2025                                        |                                                 |
      | Elena moves Lucia on to intake on 3 February 2025                                           |                                                 |
      | Elena holds the intake interview with Lucia on 10 February 2025                             | employment: unemployed                          |
      |                                                                                             | unemployed since: 1 June 2023                   |
      |                                                                                             | education: 3                                    |
      |                                                                                             | disadvantages: mental health, long unemployment |
      | Elena defines Lucia's service needs as orientation and first experience on 10 February 2025 |                                                 |
    Then it is refused that Elena moves Lucia on to competence review on 11 February 2025
      | state   | the requirements of competence-review are not met                                                    |
      | missing | A team of several partners is formed: not met (Partnership agreement of ALI, case management) [team] |
    When this happens
      | Elena joins Lucia's team as case manager on 11 February 2025         |
      | Chiara joins Lucia's team as guidance counsellor on 12 February 2025 |
      | Marco joins Lucia's team as educator on 13 February 2025             |
      | Elena moves Lucia on to competence review on 13 February 2025        |
    Then Lucia's record says
      | organisation | desk Agordo                                    |
      | team         | Elena of desk Agordo as case manager           |
      |              | Chiara of training body as guidance counsellor |
      |              | Marco of health unit as educator               |
    And on 13 February 2025 Lucia's deadlines are
      | deadline  | opened           | due              | status | met              |
      | interview | 3 February 2025  | 17 February 2025 | met    | 10 February 2025 |
      | team      | 10 February 2025 | 3 March 2025     | met    | 11 February 2025 |

    When Chiara starts Lucia's competence review by bilancio di competenze with Chiara on 17 February 2025
    And Lucia hands in her own answers to self-assessment on 24 February 2025
      | what do you do well    | I see small faults |
      | how sure are you of it | 3                  |
      | score of confidence    | 2.5                |
    And Chiara records Lucia's competences on 10 March 2025
      | concept          | level | evidence                                  | validated by  |
      | eyewear operator | eqf-2 | Three years in a firm that closed in 2012 | training body |
      | care assistant   | eqf-2 | Cared for her father for six years        | training body |
    And Chiara completes Lucia's competence review on 17 March 2025
      | strengths         | Precision; Patience                          |
      | development needs | Machines of today; Trust in her own strength |
    Then Lucia's record says
      | review           | bilancio di competenze with Chiara since 17 February 2025, completed on 17 March 2025 |
      | competences      | care assistant eqf-2, validated by training body                                      |
      |                  | eyewear operator eqf-2, validated by training body                                    |
      | self-assessments | self-assessment                                                                       |

    When Chiara drafts Lucia's plan on 19 March 2025
      | id    | goal                                  | by               | service                     |
      | lab   | To find out which work suits her      | 30 April 2025    | orientation laboratory      |
      | tech  | Machines of today                     | 30 May 2025      | new technologies laboratory |
      | job   | To learn at the bench, beside a tutor | 31 July 2025     | learning on the job         |
      | stage | Three months in the firm              | 31 October 2025  | stage                       |
      | work  | A contract                            | 31 December 2025 |                             |
    Then it is refused that Chiara agrees Lucia's plan, signed by Chiara and Elena on 20 March 2025
      | field   | signatories                             |
      | message | the client must be among those who sign |
    When Chiara agrees Lucia's plan, signed by Lucia, Chiara and Elena on 20 March 2025
    And Elena moves Lucia on to training on 21 March 2025
    Then Lucia's record says
      | plan | revision 1, agreed on 20 March 2025, signed by Lucia, Chiara, Elena |

    When this happens
      | Chiara proposes the service orientation laboratory to Lucia on 24 March 2025                                                             | provider: training body; step: lab |
      | Chiara records that Lucia accepted the service orientation laboratory on 24 March 2025                                                   |                                    |
      | Chiara records that Lucia started the service orientation laboratory on 31 March 2025                                                    |                                    |
      | Chiara records that Lucia attended orientation laboratory for 4 hours on 31 March 2025                                                   |                                    |
      | Chiara records that Lucia was absent from orientation laboratory on 1 April 2025, because treatment                                      |                                    |
      | Chiara records that Lucia completed the service orientation laboratory with the result completed on 18 April 2025                        | hours: 36                          |
      | Chiara records that Lucia reached the step lab on 18 April 2025                                                                          |                                    |
      | Chiara proposes the service new technologies laboratory to Lucia on 22 April 2025                                                        | provider: training body            |
      |                                                                                                                                          | step: tech                         |
      | Chiara records that Lucia declined the service new technologies laboratory on 24 April 2025, because she prefers to learn at the machine |                                    |
      | Chiara records that Lucia gave up the step tech on 24 April 2025, because she learns it at the machine                                   |                                    |
      | Bruno takes Lucia into the service learning on the job on 5 May 2025                                                                     | provider: social co-operatives     |
      | Bruno records that Lucia completed the service learning on the job with the result passed on 27 June 2025                                | hours: 160                         |
      | Bruno records that Lucia reached the step job on 27 June 2025                                                                            |                                    |
      | Chiara takes Lucia into the service competence certification on 30 June 2025                                                             | provider: training body            |
      | Chiara awards Lucia the certificate Operator in the eyewear industry on 11 July 2025                                                     | awarding body: Veneto Region       |
      |                                                                                                                                          | competences: eyewear operator      |
      |                                                                                                                                          | EQF level: 3                       |
      | Elena moves Lucia on to placement on 14 July 2025                                                                                        |                                    |
      | Rita proposes a placement with Occhiali Dolomiti to Lucia as internship with grant on 14 July 2025                                       | hours per week: 30                 |
      |                                                                                                                                          | tutor: Signora De Bona             |
      | Elena agrees Lucia's placement with Occhiali Dolomiti, signed by Lucia, Elena and Fausto on 21 July 2025                                 |                                    |
    Then on 1 August 2025 Lucia's deadlines include
      | deadline        | opened       | due           | status | basis                                              |
      | employer advice | 21 July 2025 | 4 August 2025 | open   | Partnership agreement of ALI, advice to host firms |
    When this happens
      | Rita advises Occhiali Dolomiti about Lucia on law of targeted placement on 1 August 2025              |                                            |
      | Elena awards Lucia a grant of 1500.00 EUR for the placement with Occhiali Dolomiti on 4 August 2025   | payer: province                            |
      |                                                                                                       | from: 4 August 2025                        |
      |                                                                                                       | to: 31 October 2025                        |
      | Elena records that Lucia began with Occhiali Dolomiti on 4 August 2025                                |                                            |
      | Bruno holds a follow-up with Lucia on 14 August 2025                                                  | status: in measure                         |
      |                                                                                                       | point: two weeks                           |
      |                                                                                                       | support needed: transport                  |
      | Bruno reviews Lucia's placement with Occhiali Dolomiti on 28 August 2025                              | note: She is quick and the noise tires her |
      | Elena pays Lucia 500.00 EUR of the grant for the placement with Occhiali Dolomiti on 1 September 2025 | payer: province                            |
      |                                                                                                       | from: 4 August 2025                        |
      |                                                                                                       | to: 31 August 2025                         |
      | Elena pays Lucia 500.00 EUR of the grant for the placement with Occhiali Dolomiti on 1 October 2025   | payer: province                            |
      |                                                                                                       | from: 1 September 2025                     |
      |                                                                                                       | to: 30 September 2025                      |
      | Bruno holds a follow-up with Lucia on 6 October 2025                                                  | status: in measure                         |
      |                                                                                                       | point: two months                          |
    Then on 7 October 2025 Lucia's deadlines include
      | deadline            | opened        | due             | status   | met            |
      | employer advice     | 21 July 2025  | 4 August 2025   | met      | 1 August 2025  |
      | first accompaniment | 4 August 2025 | 25 August 2025  | met      | 14 August 2025 |
      | two weeks           | 4 August 2025 | 18 August 2025  | met      | 14 August 2025 |
      | two months          | 4 August 2025 | 4 October 2025  | met late | 6 October 2025 |
      | six months          | 4 August 2025 | 4 February 2026 | open     |                |
    When it is tried that Elena pays Lucia 600.00 EUR of the grant for the placement with Occhiali Dolomiti on 3 November 2025
      | payer | province        |
      | from  | 1 October 2025  |
      | to    | 31 October 2025 |
    Then it is refused
      | state   | 1500.00 EUR were awarded and 1000.00 paid |
      | missing | award a grant that covers it              |
    When this happens
      | Elena pays Lucia 500.00 EUR of the grant for the placement with Occhiali Dolomiti on 3 November 2025                                | payer: province          |
      |                                                                                                                                     | from: 1 October 2025     |
      |                                                                                                                                     | to: 31 October 2025      |
      | Elena ends Lucia's placement with Occhiali Dolomiti on 31 October 2025, because the stage is over, recorded only on 3 November 2025 |                          |
      | Elena records that Lucia reached the step stage on 31 October 2025, recorded only on 3 November 2025                                |                          |
      | Elena proposes a placement with Occhiali Dolomiti to Lucia as open labour market on 3 November 2025                                 | reference: contract      |
      | Elena agrees Lucia's placement with contract, signed by Lucia and Fausto on 3 November 2025                                         |                          |
      | Elena records that Lucia began with contract on 3 November 2025                                                                     |                          |
      | Elena records that Lucia reached the step work on 3 November 2025                                                                   |                          |
      | Elena moves Lucia on to follow-up on 3 November 2025                                                                                |                          |
      | Bruno holds a follow-up with Lucia on 17 November 2025                                                                              | status: employed         |
      | Lucia gives feedback on her own way as client by placement evaluation on 18 November 2025                                           | was not left alone: 5    |
      | Fausto gives feedback on Lucia's way as employer by placement evaluation on 19 November 2025                                        | advice was useful: 4     |
      | Marco gives feedback on Lucia's way as network by network evaluation on 20 November 2025                                            | team met often enough: 3 |
    And Elena records Lucia's periods of work on 2 February 2026
      | from            | kind               |
      | 3 November 2025 | open labour market |
    And Elena closes Lucia's journey as completed into employment on 2 February 2026
    Then Lucia's record says
      | services            | orientation laboratory completed, 36 hours, 1 absence    |
      |                     | new technologies laboratory declined                     |
      |                     | learning on the job completed, 160 hours                 |
      |                     | competence certification started                         |
      | certificates        | Operator in the eyewear industry of Veneto Region, EQF 3 |
      | placements          | internship with grant with Occhiali Dolomiti ended       |
      |                     | open labour market with Occhiali Dolomiti started        |
      | grant awarded       | 1500.00 EUR by province                                  |
      | grant paid          | 1500.00 EUR by province                                  |
      | advice to employers | Occhiali Dolomiti on law of targeted placement           |
      | feedback            | client by placement evaluation                           |
      |                     | employer by placement evaluation                         |
      |                     | network by network evaluation                            |
      | end                 | completed into employment on 2 February 2026             |
    And on 2 February 2026 Lucia's deadlines include
      | deadline            | opened          | due              | status | met              |
      | six months          | 4 August 2025   | 4 February 2026  | lapsed |                  |
      | first accompaniment | 3 November 2025 | 24 November 2025 | met    | 17 November 2025 |
      | two weeks           | 3 November 2025 | 17 November 2025 | met    | 17 November 2025 |
    And on 2 February 2026 Lucia's plan stands like this
      | step  | by               | status  | actual          | days late |
      | lab   | 30 April 2025    | reached | 18 April 2025   | -12       |
      | tech  | 30 May 2025      | dropped | 24 April 2025   |           |
      | job   | 31 July 2025     | reached | 27 June 2025    | -34       |
      | stage | 31 October 2025  | reached | 31 October 2025 | 0         |
      | work  | 31 December 2025 | reached | 3 November 2025 | -58       |
    And from 3 February 2025 to 2 February 2026 these people answer for Lucia
      | from            | to              | person | organisation |
      | 3 February 2025 | 2 February 2026 | Elena  | desk Agordo  |

  Rule: The service is one, whichever desk a person comes to

    Scenario: The same team from another desk, and a person who moves down the valley
      Given this has happened
        | Paolo refers Davide to desk Feltre by social services on 3 March 2025 | from organisation: municipalities |
        | Paolo assesses Davide's eligibility on 3 March 2025                   | disadvantages: over 50            |
        | Paolo accepts Davide's referral on 3 March 2025                       |                                   |
        | Paolo becomes Davide's case worker on 3 March 2025                    |                                   |
        | Paolo moves Davide on to intake on 3 March 2025                       |                                   |
        | Paolo holds the intake interview with Davide on 5 March 2025          | employment: unemployed            |
        | Chiara joins Davide's team as guidance counsellor on 6 March 2025     |                                   |
        | Marco joins Davide's team as educator on 6 March 2025                 |                                   |
        | Paolo moves Davide on to competence review on 6 March 2025            |                                   |
      Then Davide's record says
        | came from | municipalities                                 |
        | channel   | social services                                |
        | team      | Chiara of training body as guidance counsellor |
        |           | Marco of health unit as educator               |
      When Paolo asks desk Agordo to take Davide over on 10 March 2025, because he moves to Agordo
      And Elena takes Davide over on 12 March 2025
      Then Davide's record says
        | responsible | Elena of desk Agordo since 12 March 2025       |
        | phase       | competence review                              |
        | team        | Chiara of training body as guidance counsellor |
        |             | Marco of health unit as educator               |

    Scenario: Two people of one partner are not a team of several partners
      Given these people work together
        | name   | for         | as           |
        | Sandra | desk Feltre | case manager |
      And this has happened
        | Paolo refers Davide to desk Feltre by desk on 3 March 2025        |                        |
        | Paolo assesses Davide's eligibility on 3 March 2025               | disadvantages: over 50 |
        | Paolo accepts Davide's referral on 3 March 2025                   |                        |
        | Paolo becomes Davide's case worker on 3 March 2025                |                        |
        | Paolo moves Davide on to intake on 3 March 2025                   |                        |
        | Paolo holds the intake interview with Davide on 5 March 2025      | employment: unemployed |
        | Paolo joins Davide's team as case manager on 5 March 2025         |                        |
        | Sandra joins Davide's team as second case manager on 5 March 2025 |                        |
      Then it is refused that Paolo moves Davide on to competence review on 6 March 2025
        | missing | [team] |
      When Marco joins Davide's team as educator on 6 March 2025
      And Paolo moves Davide on to competence review on 6 March 2025
      And Marco leaves Davide's team on 7 April 2025
      Then as at 6 April 2025 Davide's record says
        | phase | competence review                            |
        | team  | Paolo of desk Feltre as case manager         |
        |       | Sandra of desk Feltre as second case manager |
        |       | Marco of health unit as educator             |
      And Davide's record says
        | team | Paolo of desk Feltre as case manager         |
        |      | Sandra of desk Feltre as second case manager |

  Rule: Disadvantage is what the common dictionary says

    Scenario: A disadvantage that is not in the dictionary, none at all, and one not asked about
      Given Paolo refers Davide to desk Feltre by desk on 3 March 2025
      When it is tried that Paolo assesses Davide's eligibility on 3 March 2025
        | disadvantages | bad luck |
      Then it is refused
        | field   | disadvantages                       |
        | message | 'bad-luck' is not in the definition |
      When Paolo assesses Davide's eligibility on 4 March 2025
      Then Davide is not eligible, because
        | id           | outcome | missing       |
        | disadvantage | unknown | disadvantages |
        | working age  | met     |               |
      When Paolo declines Davide's referral on 5 March 2025, because the public employment centre can help him better
      Then Davide's record says
        | status | declined |
      And the disadvantages of the programme include
        | code              | title                        |
        | disability        | Disability                   |
        | mental health     | Mental ill-health            |
        | addiction         | Addiction                    |
        | prison            | Prison or a sentence outside |
        | migration         | Migration                    |
        | long unemployment | Long unemployment            |

  Rule: Many ways lead into work, and every one begins with the personal project

    Background:
      Given this has happened
        | Paolo refers Davide to desk Feltre by desk on 3 March 2025                                     |                                     |
        | Paolo assesses Davide's eligibility on 3 March 2025                                            | disadvantages: over 50              |
        | Paolo accepts Davide's referral on 3 March 2025                                                |                                     |
        | Paolo becomes Davide's case worker on 3 March 2025                                             |                                     |
        | Paolo moves Davide on to intake on 3 March 2025                                                |                                     |
        | Paolo holds the intake interview with Davide on 5 March 2025                                   | employment: unemployed              |
        | Paolo joins Davide's team as case manager on 5 March 2025                                      |                                     |
        | Chiara joins Davide's team as guidance counsellor on 5 March 2025                              |                                     |
        | Paolo moves Davide on to competence review on 6 March 2025                                     |                                     |
        | Chiara starts Davide's competence review by bilancio di competenze with Chiara on 6 March 2025 |                                     |
        | Chiara completes Davide's competence review on 31 March 2025                                   | strengths: Works with wood          |
        |                                                                                                | development needs: Prices and sales |

    Scenario: A project of one step is no project
      Given Chiara drafts Davide's plan on 1 April 2025
        | goal  | by           |
        | A job | 30 June 2025 |
      And Chiara agrees Davide's plan, signed by Davide and Chiara on 1 April 2025
      Then it is refused that Paolo moves Davide on to placement on 2 April 2025
        | missing | The personal project has steps and the person signed it: not met (Partnership agreement of ALI, personal project) [project] |

    Scenario Outline: <form>
      Given Chiara drafts Davide's plan on 1 April 2025
        | id   | goal                      | by           |
        | try  | To see it from the inside | 30 May 2025  |
        | work | A living                  | 30 June 2025 |
      And Chiara agrees Davide's plan, signed by Davide and Chiara on 1 April 2025
      And Paolo moves Davide on to placement on 2 April 2025
      When this happens
        | Paolo proposes a placement with <with> to Davide as <form> on 2 April 2025              |
        | Paolo agrees Davide's placement with <with>, signed by Davide and Paolo on 9 April 2025 |
        | Paolo records that Davide began with <with> on 14 April 2025                            |
        | Paolo moves Davide on to follow-up on 14 April 2025                                     |
        | Paolo closes Davide's journey as completed into <destination> on 30 June 2025           |
      Then Davide's record says
        | placements | <form> with <with> started                   |
        | end        | completed into <destination> on 30 June 2025 |

      Examples:
        | form                        | with                  | destination     |
        | open labour market          | Mobili Feltre         | employment      |
        | social co-operative         | Cooperativa Larice    | employment      |
        | self-employment or start-up | Bottega Davide        | self-employment |
        | temporary-work agency       | temporary-work agency | employment      |

    Scenario: A form that is not of this model
      Given Chiara drafts Davide's plan on 1 April 2025
        | id   | goal                      | by           |
        | try  | To see it from the inside | 30 May 2025  |
        | work | A living                  | 30 June 2025 |
      And Chiara agrees Davide's plan, signed by Davide and Chiara on 1 April 2025
      And Paolo moves Davide on to placement on 2 April 2025
      Then it is refused that Paolo proposes a placement with Mobili Feltre to Davide as apprenticeship on 2 April 2025
        | field   | form                                      |
        | message | 'apprenticeship' is not in the definition |

  Rule: Training is held close to the person

    Scenario: Seats in a laboratory in the person's own valley
      Given Project registers these organisations on 2 December 2024
        | code          | name                     | kind     |
        | training body | Vocational training body | provider |
      And Chiara publishes the offering laboratory in Agordo of training body on 3 March 2025
        | service | orientation laboratory |
        | seats   | 1                      |
        | start   | 31 March 2025          |
        | end     | 18 April 2025          |
        | place   | Agordo                 |
      And this has happened
        | Elena refers Lucia to desk Agordo by desk on 3 March 2025  |
        | Paolo refers Davide to desk Feltre by desk on 3 March 2025 |
      When Chiara keeps a seat in laboratory in Agordo of training body for Lucia on 10 March 2025
      Then it is refused that Chiara keeps a seat in laboratory in Agordo of training body for Davide on 11 March 2025
        | state   | it is full (1 seat)             |
        | missing | release a seat or offer another |
      When Chiara sets the seat of Lucia in laboratory in Agordo of training body free on 12 March 2025, because illness
      And Chiara keeps a seat in laboratory in Agordo of training body for Davide on 12 March 2025
      Then nothing new is recorded where Chiara keeps a seat in laboratory in Agordo of training body for Davide on 12 March 2025

  Rule: The groundwork, the governance and the double evaluation are part of the programme

    Scenario: What the partnership has agreed
      Then the local profiles of the programme include
        | code             | title                            |
        | eyewear operator | Operator in the eyewear industry |
      And the services of the programme are
        | code                             | phases                         |
        | bilancio di competenze           | competence review              |
        | orientation laboratory           | training                       |
        | self-entrepreneurship laboratory | training                       |
        | new technologies laboratory      | training                       |
        | individual path                  | training                       |
        | learning on the job              | training, placement            |
        | competence certification         | training, placement, follow-up |
        | stage                            | placement                      |
        | accompaniment                    | placement, follow-up           |
      And the placement forms of the programme are
        | form                        |
        | internship with grant       |
        | open labour market          |
        | social co-operative         |
        | self-employment or start-up |
        | temporary-work agency       |
      And the bodies of the programme are
        | code                   | title                                         |
        | assembly               | Assembly of the partners                      |
        | steering committee     | Steering committee                            |
        | desk co-ordination     | Co-ordination group of the desks              |
        | training co-ordination | Co-ordination group of training and placement |
        | transnational exchange | Five partnerships from five countries         |
      And the questionnaires of the programme include
        | code                 | title                               | respondents      |
        | placement evaluation | Evaluation of the placement methods | client, employer |
        | network evaluation   | Evaluation of how the network works | network, staff   |
      And the monitoring of the programme is
        | code                  |
        | placement methods     |
        | network functioning   |
        | profile map           |
        | disadvantage research |
        | exchange of practice  |
      And the targets of the programme include
        | measure     | value |
        | accompanied | 1     |
