// Draws the figures of ui.chart (templates/ui.html) with ECharts, which is fetched only by pages that have one.
//
// A spec is {kind: "line" | "bar", labels: [...], series: [{name, values: [number or null, ...]}], unit: "%" or "",
// decimals: 0, target: number or null, targetName: "", sideways: false (bars from left to right), stacked: false}.
// No formatter makes HTML: the page's content security policy forbids styles within it.
"use strict";

(() => {
  const ECHARTS = document.currentScript.dataset.echarts;
  const COLOURS = ["#0b4f4c", "#b45f00", "#3a6ea5", "#8a3b6b", "#5b7a1f", "#7d918f"];
  const INK = "#16302e";
  let loading = null;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = ECHARTS;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  function shown(spec, value) {
    if (value === null || value === undefined || value === "-") return "chưa có số liệu";
    const digits = spec.decimals ?? 0;
    const text = Number(value).toLocaleString("vi-VN", { minimumFractionDigits: 0, maximumFractionDigits: digits });
    return spec.unit ? `${text} ${spec.unit}` : text;
  }

  function options(spec) {
    const text = { fontSize: 14, color: INK, fontFamily: getComputedStyle(document.body).fontFamily };
    const names = { type: "category", data: spec.labels, inverse: Boolean(spec.sideways), axisLabel: { ...text, hideOverlap: true }, axisTick: { show: false } };
    const values = { type: "value", min: 0, axisLabel: { ...text, formatter: (value) => shown(spec, value) }, splitLine: { lineStyle: { color: "#d3dcdb" } } };
    if (spec.unit === "%") values.max = (range) => Math.max(100, range.max);
    const target = spec.target === null || spec.target === undefined ? undefined : {
      silent: true, symbol: "none", lineStyle: { color: "#9c2415", type: "dashed", width: 2 },
      label: { ...text, color: "#9c2415", position: "insideEndTop", formatter: `${spec.targetName || "Chỉ tiêu"}: ${shown(spec, spec.target)}` },
      data: [spec.sideways ? { xAxis: spec.target } : { yAxis: spec.target }],
    };
    return {
      animation: false,
      color: COLOURS,
      aria: { enabled: false }, // the table below says it better
      textStyle: text,
      grid: { left: 8, right: 24, top: spec.series.length > 1 ? 48 : 28, bottom: 8, containLabel: true },
      legend: spec.series.length > 1 ? { top: 0, left: 0, textStyle: text } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, textStyle: text, axisPointer: { type: spec.kind === "bar" ? "shadow" : "line" }, valueFormatter: (value) => shown(spec, value) },
      xAxis: spec.sideways ? values : names,
      yAxis: spec.sideways ? names : values,
      series: spec.series.map((one, place) => ({
        name: one.name, type: spec.kind, data: one.values, stack: spec.stacked ? "all" : undefined, barMaxWidth: 36,
        symbolSize: 8, lineStyle: { width: 3 }, connectNulls: false, markLine: place === 0 ? target : undefined,
      })),
    };
  }

  async function draw(place) {
    const data = place.parentElement.querySelector('script[type="application/json"]');
    const spec = JSON.parse(data.textContent);
    place.dataset.drawn = "yes";
    try {
      await load();
    } catch {
      place.parentElement.querySelector("details")?.setAttribute("open", "");
      return; // the table still says it
    }
    place.hidden = false;
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(options(spec));
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  function drawAll() {
    for (const place of document.querySelectorAll("[data-chart]:not([data-drawn])")) draw(place);
  }

  drawAll();
  document.addEventListener("htmx:afterSwap", drawAll);
  window.addEventListener("beforeprint", () => {
    for (const table of document.querySelectorAll(".chart details")) table.open = true;
  });
})();
