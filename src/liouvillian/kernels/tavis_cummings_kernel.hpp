#pragma once
namespace qbsweep::kernels {
struct TavisCummingsArguments;
using TavisCummingsKernel = void (*)(const TavisCummingsArguments&);
}  // namespace qbsweep::kernels
