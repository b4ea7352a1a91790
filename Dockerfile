# Workers with khabar installed: for Dataflow (--sdk_container_image), and the image of the Flex Template (docs/runners.md).
#   docker build --tag REGISTRY/khabar .
FROM gcr.io/dataflow-templates-base/python311-template-launcher-base AS launcher

FROM apache/beam_python3.11_sdk:2.77.0
COPY --from=launcher /opt/google/dataflow/python_template_launcher /opt/google/dataflow/python_template_launcher
COPY . /khabar
RUN KHABAR_COMPILE=1 pip install --no-cache-dir "/khabar[dataflow]" && pip check
# The launcher runs this file; workers keep the entry point of Beam's image.
ENV FLEX_TEMPLATE_PYTHON_PY_FILE=/khabar/pipelines/ingest.py
ENTRYPOINT ["/opt/apache/beam/boot"]
