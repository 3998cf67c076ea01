# Writes hazards.json from stretches.csv. Run in this folder with R 4.2, survival 3.5 and sandwich 3.0: Rscript hazards.R
library(survival)
library(sandwich)
d <- read.csv("stretches.csv", stringsAsFactors = FALSE)
d$level <- relevel(factor(d$level), "under_3")
d$grade <- relevel(factor(d$grade), "junior")
d$division <- relevel(factor(d$division), "N")
exact <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
tight <- glm.control(epsilon = 1e-15, maxit = 60)

numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
texts <- function(x) paste0("[", paste0('"', x, '"', collapse = ", "), "]")
entry <- function(name, parts) {
  paste0('  "', name, '": {\n', paste0('    "', names(parts), '": ', parts, collapse = ",\n"), "\n  }")
}
fit <- function(names, coef, covariance, robust = NULL, more = list()) {
  parts <- list(terms = texts(names), coef = numbers(coef), se = numbers(sqrt(diag(covariance))))
  if (!is.null(robust)) parts$robust_se <- numbers(sqrt(diag(robust)))
  c(parts, lapply(more, numbers))
}
named <- function(x) sub("^(level|grade|division|tenure_band|late)", "\\1=", x)
of_cox <- function(model) {
  has_robust <- !is.null(model$naive.var)
  fit(named(names(coef(model))), coef(model), if (has_robust) model$naive.var else model$var,
      if (has_robust) model$var else NULL, list(log_likelihood = model$loglik[2], null_log_likelihood = model$loglik[1]))
}
of_zph <- function(model, transform) {
  table <- cox.zph(model, transform = transform)$table
  list(terms = texts(rownames(table)), statistic = numbers(table[, 1]), freedom = numbers(table[, 2]), p = numbers(table[, 3]))
}
found <- list()
formula <- Surv(entry, exit, cause == "voluntary") ~ level + grade + division + age
efron <- coxph(formula, d, control = exact)
found$cox_efron <- of_cox(efron)
found$cox_breslow <- of_cox(coxph(formula, d, ties = "breslow", control = exact))
stratified <- coxph(Surv(entry, exit, cause == "voluntary") ~ level + grade + age + strata(division), d, control = exact)
found$cox_strata <- of_cox(stratified)
found$cox_cluster <- of_cox(coxph(formula, d, cluster = manager, control = exact))
found$cox_cluster_breslow <- of_cox(coxph(formula, d, cluster = manager, ties = "breslow", control = exact))
found$cox_cluster_strata <- of_cox(coxph(
  Surv(entry, exit, cause == "voluntary") ~ level + grade + age + strata(division), d, cluster = person, control = exact))
found$cox_involuntary <- of_cox(coxph(
  Surv(entry, exit, cause == "involuntary") ~ level + grade + division + age, d, control = exact))
found$zph_km <- of_zph(efron, "km")
found$zph_identity <- of_zph(efron, "identity")
found$zph_strata <- of_zph(stratified, "km")

incidence <- survfit(Surv(entry, exit, factor(cause, c("none", "voluntary", "involuntary"))) ~ 1, d, id = person)
found$incidence <- lapply(list(
  time = incidence$time, at_risk = incidence$n.risk[, 1], voluntary = incidence$pstate[, 2], involuntary = incidence$pstate[, 3],
  se = incidence$std.err[, 2]), numbers)

# Person-months: the month of tenure counts from 0.
m <- survSplit(Surv(entry, exit, cause == "voluntary") ~ ., d, cut = 0:36, start = "from", end = "to", event = "left")
m$month <- m$to - 1
m$tenure_band <- relevel(cut(m$month, c(-1, 2, 5, 11, 17, 23, 99),
  c("000_to_002", "003_to_005", "006_to_011", "012_to_017", "018_to_023", "024_or_more")), "024_or_more")
# The errors of glm belong to the step before the last: started from its own end there is no difference.
settled <- function(...) glm(..., start = coef(glm(...)))
of_glm <- function(model) {
  fit(named(sub("(Intercept)", "intercept", names(coef(model)), fixed = TRUE)), coef(model), vcov(model),
      vcovCL(model, m$manager, type = "HC0", cadjust = TRUE), list(log_likelihood = as.numeric(logLik(model))))
}
hazard <- left ~ level + grade + division + age + tenure_band
found$cloglog <- of_glm(settled(hazard, binomial("cloglog"), m, control = tight))
found$logit <- of_glm(settled(hazard, binomial("logit"), m, control = tight))

m$late <- factor(ifelse(m$level == "under_3", "under_3", paste0(m$level, ", ", ifelse(m$month >= 12, "012_or_more", "000_to_011"))))
m$late <- relevel(m$late, "under_3")
late <- of_cox(coxph(Surv(from, to, left) ~ late + grade + division + age, m, control = exact))
late$terms <- gsub("late=", "level=", late$terms)
found$by_tenure <- late

# One hazard per manager: Poisson on counts, those who left for half of their last month. Managers nobody left have no say.
m <- m[m$manager %in% m$manager[m$left == 1], ]
m$spent <- 1 - m$left / 2
within <- settled(left ~ level + grade + age + tenure_band + factor(manager) + offset(log(spent)), poisson, m, control = tight)
some <- !grepl("Intercept|manager", names(coef(within)))
found$within_manager <- fit(named(names(coef(within))[some]), coef(within)[some], vcov(within)[some, some],
  vcovCL(within, m$manager, type = "HC0", cadjust = FALSE)[some, some])
writeLines(c("{", paste(mapply(entry, names(found), found), collapse = ",\n"), "}"), "hazards.json")
