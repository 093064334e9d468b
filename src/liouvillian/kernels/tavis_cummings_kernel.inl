void tavis_cummings_kernel(const TavisCummingsArguments&) {}
